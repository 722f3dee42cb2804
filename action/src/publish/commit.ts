/**
 * Commits a report to a branch that others write to at the same time. Each attempt starts from the newest commit of the
 * branch and moves it only if it is still there; who loses the race starts again.
 */
import pRetry from 'p-retry';
import { PublishError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { renderIndex } from '../report/index-page.ts';
import { serialize } from '../report/json.ts';
import type { Result } from '../result.ts';
import { type GitRemote, type GitStore, openGitStore, type Tree } from './git-store.ts';
import { KeptResults } from './kept-results.ts';
import { PassingRejection } from './rejection.ts';
import {
  checkPaths,
  freeFolder,
  KEPT_RESULT,
  REPORTS,
  type ReportFile,
  reportFolder,
} from './report-folder.ts';
import type { SignedCommit } from './signed-commit.ts';

export interface Publication {
  readonly result: Result;
  /** All files of the report but `result.json`. */
  readonly files: readonly ReportFile[];
  /** Number of the pull request that was measured; null for a branch. */
  readonly pullRequest: number | null;
}

export interface Destination {
  readonly remote: GitRemote;
  readonly branch: string;
  /** Where the branch begins if it does not exist; null: a history of its own. */
  readonly startFrom: string | null;
  /** Commits through GitHub's API, which signs them; null: git pushes an unsigned one. */
  readonly signed: SignedCommit | null;
}

export interface Committed {
  readonly branch: string;
  /** Folder of the report in the repository. */
  readonly folder: string;
  readonly commit: string;
  /** 1 when nobody else was faster. */
  readonly attempts: number;
}

export interface Effort {
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Defaults outlast a minute of 502 and a dozen rival writers. */
  readonly retries?: number;
  readonly firstDelayMs?: number;
}

/** @throws PublishError at once when the branch will never take it; after the last attempt when others were always faster */
export async function commitReport(
  publication: Publication,
  to: Destination,
  effort: Effort,
): Promise<Committed> {
  checkPaths(publication.files);
  await using store = await openGitStore(to.remote, effort.signal);
  const kept = new KeptResults(store);
  return await persistently(to.branch, effort, async (attempts) => {
    const tip = await store.tip(to.branch);
    const base = tip ?? (to.startFrom === null ? null : await store.tip(to.startFrom));
    const plan = await planCommit(publication, base, store, kept);
    if (plan.already) return { branch: to.branch, folder: plan.folder, commit: base as string, attempts };
    const commit = await write(plan, { tip, base }, to, store);
    return { branch: to.branch, folder: plan.folder, commit, attempts };
  });
}

async function persistently<T>(
  branch: string,
  effort: Effort,
  attempt: (n: number) => Promise<T>,
): Promise<T> {
  const { progress, signal, retries = 14, firstDelayMs = 500 } = effort;
  try {
    return await pRetry(attempt, {
      retries,
      minTimeout: firstDelayMs,
      maxTimeout: 30 * firstDelayMs,
      factor: 1.5,
      randomize: true,
      ...(signal === undefined ? {} : { signal }),
      shouldRetry: ({ error }) => error instanceof PassingRejection,
      onFailedAttempt: ({ error, attemptNumber }) =>
        progress.line('publish', passing(branch, error, attemptNumber)),
    });
  } catch (error) {
    if (error instanceof PassingRejection) throw exhausted(branch, retries + 1, error);
    throw error;
  }
}

function passing(branch: string, error: Error, attempt: number): string {
  if (!(error instanceof PassingRejection)) return `${branch}: refused`;
  const reason = /.*(rejected|fatal|error:).*/.exec(error.message)?.[0] ?? error.message;
  return `${branch}: attempt ${attempt} did not land, trying again (${reason.trim()})`;
}

function exhausted(branch: string, attempts: number, last: PassingRejection): PublishError {
  return new PublishError(
    `The report could not be committed to ${branch} in ${attempts} attempts. The last one: ${last.message}`,
    'The result is whole: run the publishing job again when the server is well and fewer runs publish at once.',
    { cause: last },
  );
}

interface Plan {
  readonly folder: string;
  readonly tree: Tree;
  /** The same result is kept there: an earlier attempt landed though its answer was lost, or a job ran again. */
  readonly already: boolean;
}

async function planCommit(
  { result, files, pullRequest }: Publication,
  base: string | null,
  store: GitStore,
  kept: KeptResults,
): Promise<Plan> {
  const stored =
    base === null ? [] : (await store.files(base, REPORTS)).filter(({ path }) => KEPT_RESULT.test(path));
  const text = serialize(result);
  const id = await store.blobId(text);
  const same = stored.find((file) => file.id === id);
  if (same !== undefined) return { folder: folderOf(same.path), tree: new Map(), already: true };
  const folder = freeFolder(
    reportFolder(result, pullRequest),
    new Set(stored.map(({ path }) => folderOf(path))),
  );
  const runs = [{ folder, result }, ...(await kept.newest(stored))];
  const index = renderIndex(runs, { older: stored.length + 1 - runs.length });
  const own: readonly ReportFile[] = [{ path: 'result.json', content: text }, ...files];
  const tree = new Map([
    ...own.map(({ path, content }) => [`${folder}/${path}`, content] as const),
    ...index.map(({ path, content }) => [`${REPORTS}/${path}`, content] as const),
  ]);
  return { folder, tree, already: false };
}

function folderOf(path: string): string {
  return KEPT_RESULT.exec(path)?.[1] ?? path;
}

async function write(
  { folder, tree }: Plan,
  { tip, base }: { tip: string | null; base: string | null },
  { branch, signed }: Destination,
  store: GitStore,
): Promise<string> {
  const message = `Benchmark report ${folder.slice(REPORTS.length + 1)}`;
  if (signed !== null && base !== null) {
    // The API commits to branches that exist only.
    if (tip === null) await store.push(base, branch, null);
    const commit = await signed({ branch, expected: base, tree, message });
    if (commit !== null) return commit;
    tip = base;
  }
  const commit = await store.commit(base, tree, message);
  await store.push(commit, branch, tip);
  return commit;
}
