/** Which branch a report goes to. Never the head branch of a pull request: see `refuseHead`. */
import { PublishError } from '../errors.ts';

export const REPORT_MODES = ['branch', 'main', 'pull-request', 'none'] as const;
/**
 * `branch`: a data branch of its own; `main`: the default branch; `pull-request`: a new branch, and a pull request
 * for it; `none`: nothing is committed. Runs of a pull request go to the data branch in every mode but `none`,
 * because their code is not part of the default branch.
 */
export type ReportMode = (typeof REPORT_MODES)[number];
/** One in which a report is committed. */
export type KeepingMode = Exclude<ReportMode, 'none'>;

export interface RunOrigin {
  readonly defaultBranch: string;
  /** The data branch, e.g. `benchmark-reports`. */
  readonly dataBranch: string;
  /** Null for a run that no pull request caused. */
  readonly pullRequest: { readonly number: number; readonly headBranch: string } | null;
}

export interface Target {
  readonly branch: string;
  /** Where a branch that does not exist yet begins; null for a history of its own. */
  readonly startFrom: string | null;
  /** A pull request into this branch is to be opened; null when not. */
  readonly opensPullRequestInto: string | null;
}

/** @param folder the report's folder, which names the branch in mode `pull-request` */
export function targetOf(mode: KeepingMode, folder: string, origin: RunOrigin): Target {
  const target = choose(mode, folder, origin);
  refuseHead(target.branch, origin);
  return target;
}

function choose(mode: KeepingMode, folder: string, origin: RunOrigin): Target {
  const { defaultBranch, dataBranch, pullRequest } = origin;
  if (mode === 'branch' || pullRequest !== null)
    return { branch: dataBranch, startFrom: null, opensPullRequestInto: null };
  if (mode === 'main') return { branch: defaultBranch, startFrom: null, opensPullRequestInto: null };
  const branch = `lambda-duel/${folder.split('/').at(-1)}`;
  return { branch, startFrom: defaultBranch, opensPullRequestInto: defaultBranch };
}

/** A push by a workflow's token starts no workflows, so required checks of the new head would never report. */
function refuseHead(branch: string, { pullRequest }: RunOrigin): void {
  if (pullRequest === null || pullRequest.headBranch !== branch) return;
  throw new PublishError(
    `The report would be committed to ${branch}, the head of pull request ${pullRequest.number}, whose required checks would then wait for ever.`,
    'Name another data branch with the input report-branch.',
  );
}
