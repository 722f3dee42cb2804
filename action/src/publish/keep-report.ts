/** Commits a run's report where its report-mode says, and opens the pull request for it if that is the mode. */
import type { Progress } from '../progress.ts';
import type { Result } from '../result.ts';
import { type Committed, commitReport } from './commit.ts';
import { refuse } from './complaint.ts';
import type { Octokit } from './octokit.ts';
import { type ReportFile, reportFolder } from './report-folder.ts';
import { type ReportMode, targetOf } from './report-mode.ts';
import type { Run } from './run-context.ts';
import { signedCommit } from './signed-commit.ts';

export interface Keeping {
  readonly mode: ReportMode;
  /** The data branch. */
  readonly branch: string;
  readonly client: Octokit;
  readonly run: Run;
  readonly token: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * @param files all files of the report but `result.json`
 * @returns null in mode `none`; @throws PublishError
 */
export async function keepReport(
  result: Result,
  files: readonly ReportFile[],
  keeping: Keeping,
): Promise<Committed | null> {
  const { mode, branch, client, run, token, progress, signal } = keeping;
  if (mode === 'none') return null;
  const pullRequest = run.pull?.number ?? null;
  const defaultBranch = run.defaultBranch ?? (await defaultBranchOf(keeping));
  const target = targetOf(mode, reportFolder(result, pullRequest), {
    defaultBranch,
    dataBranch: branch,
    pullRequest: run.pull,
  });
  const repository = `${run.owner}/${run.repo}`;
  const remote = { url: `${run.serverUrl}/${repository}`, token };
  const signed = signedCommit((query, variables) => client.graphql(query, variables), repository);
  const committed = await commitReport(
    { result, files, pullRequest },
    { ...target, remote, signed },
    { progress, signal },
  );
  progress.line('publish', `report committed to ${committed.branch}: ${committed.folder}`);
  if (target.opensPullRequestInto !== null)
    await openPullRequest(keeping, committed, target.opensPullRequestInto);
  return committed;
}

async function defaultBranchOf({ client, run: { owner, repo } }: Keeping): Promise<string> {
  const asked = client.rest.repos.get({ owner, repo });
  return (await asked.catch(refuse('Asking for the default branch', 'contents'))).data.default_branch;
}

async function openPullRequest(
  { client, run, progress }: Keeping,
  made: Committed,
  base: string,
): Promise<void> {
  const asked = client.rest.pulls.create({
    owner: run.owner,
    repo: run.repo,
    head: made.branch,
    base,
    title: `Benchmark report ${made.folder}`,
    body: `Measured by ${run.url}`,
  });
  const opened = asked.then(({ data }) => data.html_url).catch(unlessOpen);
  progress.line('publish', `pull request for the report: ${await opened}`);
}

/** An earlier run of the same day, commit and profile has opened it, and the branch with this report, too, is in it. */
function unlessOpen(error: unknown): string {
  if (error instanceof Error && /A pull request already exists/.test(error.message)) return 'open already';
  return refuse('Opening a pull request for the report', 'pull-requests')(error);
}
