/** What publish.yml does: a pull request's result, measured by code that nobody here vouches for, is shown and kept. */
import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { FAIL_ON } from '../../report/outcome.ts';
import type { Result } from '../../result.ts';
import { startCheck } from '../check.ts';
import { type Committed, commitReport, type Effort } from '../commit.ts';
import { type Audience, conclude } from '../github.ts';
import type { Octokit } from '../octokit.ts';
import { reportCharts, reportFiles } from '../report-files.ts';
import { reportFolder } from '../report-folder.ts';
import { REPORT_MODES, targetOf } from '../report-mode.ts';
import { signedCommit } from '../signed-commit.ts';
import { downloadResult } from './artifact.ts';
import { hostileResult } from './hostile-result.ts';
import { pullRequestOf, type WorkflowRun, workflowRun } from './workflow-run.ts';

/** What GitHub tells the publishing job. */
export interface Job {
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** The payload of the event, not yet checked. */
  readonly event: unknown;
}

const PolicySchema = z.object({
  REPORT_MODE: z.enum(REPORT_MODES).default('branch'),
  REPORT_BRANCH: z.string().min(1).default('benchmark-reports'),
  FAIL_ON: z.enum(FAIL_ON).default('regression'),
});
/** Chosen by the repository, never by the artefact. */
export type Policy = z.infer<typeof PolicySchema>;

/** @param environment variables that a workflow left empty count as unset */
export function readPolicy(environment: Readonly<Record<string, string | undefined>>): Policy {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = PolicySchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new ConfigError(z.prettifyError(parsed.error), "Correct the step's env in publish.yml.");
}

/** @throws PublishError or ConfigError when the artefact is refused, or after the verdict was shown the commit was */
export async function publishArtifact(
  client: Octokit,
  job: Job,
  policy: Policy,
  effort: Effort,
): Promise<void> {
  const { progress } = effort;
  const measured = workflowRun(job.event);
  const number = await pullRequestOf(client, job, measured);
  if (number === null) {
    progress.line('publish', 'Its pull request was closed, or pushed to since: nothing is published.');
    return;
  }
  const own = measured.headRepository === `${job.owner}/${job.repo}`;
  const given = hostileResult(await downloadResult(client, job, measured.id), measured.headSha);
  const result = own ? given : disclosed(given, measured);
  const pull = { number, headBranch: own ? measured.headBranch : '' };
  const [kept] = await Promise.allSettled([keep(result, pull, { job, policy, client, effort })]);
  const committed = kept.status === 'fulfilled' ? kept.value : null;
  await show(result, committed, audienceOf(job, policy, { client, measured, pull, own, progress }));
  if (kept.status === 'rejected') throw kept.reason;
}

/** GitHub vouches for the commit; for the numbers only who measured them does. */
function disclosed(result: Result, { headRepository }: WorkflowRun): Result {
  const message = `These numbers were measured by a run of ${headRepository}, with that repository's own version of the benchmark.`;
  const warning = { code: 'measured-by-a-fork', message, data: { repository: headRepository } };
  return { ...result, warnings: [warning, ...result.warnings] };
}

interface Pull {
  readonly number: number;
  /** '' when it is a branch of another repository. */
  readonly headBranch: string;
}

interface Means {
  readonly job: Job;
  readonly policy: Policy;
  readonly client: Octokit;
  readonly effort: Effort;
}

async function keep(
  result: Result,
  pull: Pull,
  { job, policy, client, effort }: Means,
): Promise<Committed | null> {
  const { owner, repo, serverUrl, token } = job;
  const { data } = await client.rest.repos.get({ owner, repo });
  const target = targetOf(policy.REPORT_MODE, reportFolder(result, pull.number), {
    defaultBranch: data.default_branch,
    dataBranch: policy.REPORT_BRANCH,
    pullRequest: pull,
  });
  if (target === null) return null;
  const publication = { result, files: reportFiles(result), pullRequest: pull.number };
  const remote = { url: `${serverUrl}/${owner}/${repo}`, token };
  const signed = signedCommit(client.graphql, `${owner}/${repo}`);
  return commitReport(publication, { ...target, remote, signed }, effort);
}

interface Circumstances {
  readonly client: Octokit;
  readonly measured: WorkflowRun;
  readonly pull: Pull;
  /** The pull request is from a branch of this repository, whose run has made the check itself. */
  readonly own: boolean;
  readonly progress: Progress;
}

function audienceOf(
  job: Job,
  policy: Policy,
  { client, measured, pull, own, progress }: Circumstances,
): Audience {
  const { owner, repo, serverUrl, apiUrl } = job;
  const url = `${serverUrl}/${owner}/${repo}/actions/runs/${measured.id}`;
  const { id, attempt, headSha: sha } = measured;
  return {
    client,
    run: { owner, repo, sha, pull, defaultBranch: null, id, attempt, url, serverUrl, apiUrl },
    name: 'benchmark',
    comment: true,
    check: !own,
    failOn: policy.FAIL_ON,
    warn: (message) => progress.line('publish', message),
  };
}

async function show(result: Result, committed: Committed | null, audience: Audience): Promise<void> {
  const check = audience.check ? await startCheck(audience) : null;
  await conclude(audience, check, result, { committed, charts: reportCharts(result) });
}
