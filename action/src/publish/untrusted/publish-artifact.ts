/** What publish.yml does: a pull request's result, measured by code that nobody here vouches for, is shown and kept. */
import { z } from 'zod';
import { ConfigError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { FAIL_ON } from '../../report/outcome.ts';
import type { Result } from '../../result.ts';
import { startCheck } from '../check.ts';
import { type Audience, conclude } from '../github.ts';
import { keepReport } from '../keep-report.ts';
import type { Octokit } from '../octokit.ts';
import { reportCharts, reportFiles } from '../report-files.ts';
import { REPORT_MODES } from '../report-mode.ts';
import type { Run } from '../run-context.ts';
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

interface Effort {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** @throws PublishError or ConfigError when the artefact is refused; when only the commit is, after the verdict is shown */
export async function publishArtifact(
  client: Octokit,
  job: Job,
  policy: Policy,
  effort: Effort,
): Promise<void> {
  const measured = workflowRun(job.event);
  const run = await runOf(client, job, measured);
  if (run === null) {
    effort.progress.line('publish', 'Its pull request was closed, or pushed to since: nothing is published.');
    return;
  }
  const result = await download(client, job, measured);
  const branch = { mode: policy.REPORT_MODE, branch: policy.REPORT_BRANCH };
  const [kept] = await Promise.allSettled([
    keepReport(result, reportFiles(result), { ...branch, client, run, token: job.token, ...effort }),
  ]);
  const committed = kept.status === 'fulfilled' ? kept.value : null;
  const audience = audienceOf(client, run, policy, effort);
  const check = isOwn(job, measured) ? null : await startCheck(audience);
  await conclude(audience, check, result, { committed, charts: reportCharts(result) });
  if (kept.status === 'rejected') throw kept.reason;
}

/** Null when nobody waits for the run any more. */
async function runOf(client: Octokit, job: Job, measured: WorkflowRun): Promise<Run | null> {
  const { owner, repo, serverUrl, apiUrl } = job;
  const number = await pullRequestOf(client, { owner, repo }, measured);
  if (number === null) return null;
  const { id, attempt, headSha: sha } = measured;
  // A branch of another repository cannot be committed to, so it needs no protection from us.
  const pull = { number, headBranch: isOwn(job, measured) ? measured.headBranch : '' };
  const url = `${serverUrl}/${owner}/${repo}/actions/runs/${id}`;
  return { owner, repo, sha, pull, defaultBranch: null, id, attempt, url, serverUrl, apiUrl };
}

/** The run of a branch of this repository has made the check itself, and its numbers need no disclaimer. */
function isOwn({ owner, repo }: Job, { headRepository }: WorkflowRun): boolean {
  return headRepository === `${owner}/${repo}`;
}

async function download(client: Octokit, job: Job, measured: WorkflowRun): Promise<Result> {
  const { owner, repo } = job;
  const result = hostileResult(await downloadResult(client, { owner, repo }, measured.id), measured.headSha);
  return isOwn(job, measured) ? result : disclosed(result, measured);
}

/** GitHub vouches for the commit; for the numbers only who measured them does. */
function disclosed(result: Result, { headRepository }: WorkflowRun): Result {
  const message = `These numbers were measured by a run of ${headRepository}, with that repository's own version of the benchmark.`;
  const warning = { code: 'measured-by-a-fork', message, data: { repository: headRepository } };
  return { ...result, warnings: [warning, ...result.warnings] };
}

function audienceOf(client: Octokit, run: Run, policy: Policy, { progress }: Effort): Audience {
  const warn = (message: string) => progress.line('publish', message);
  return { client, run, name: 'benchmark', comment: true, check: true, failOn: policy.FAIL_ON, warn };
}
