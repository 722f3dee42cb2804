/** Which run of which commit this is, read once from what GitHub tells a job. */
import { complaint } from './complaint.ts';
import type { Octokit } from './octokit.ts';

/** The part of `context` of @actions/github that is read. */
export interface EventContext {
  readonly eventName: string;
  readonly sha: string;
  readonly runId: number;
  readonly runAttempt: number;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly repo: { readonly owner: string; readonly repo: string };
  readonly payload: Payload;
}

interface Payload {
  readonly pull_request?: { readonly number: number; readonly head?: Head };
  readonly issue?: { readonly number: number; readonly pull_request?: unknown };
  readonly repository?: { readonly default_branch?: string; readonly [key: string]: unknown };
}

interface Head {
  readonly sha: string;
  readonly ref: string;
}

export interface Run {
  readonly owner: string;
  readonly repo: string;
  /** The commit that is judged; of a pull request its head, not the merge commit that is checked out. */
  readonly sha: string;
  readonly pull: { readonly number: number; readonly headBranch: string } | null;
  /** Null where the event does not tell. */
  readonly defaultBranch: string | null;
  /** Grows from run to run of a repository. */
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
}

/**
 * @param client asked for the pull request where the event does not name it
 * @param warn told when it may not be asked; the run is then one without a pull request
 */
export async function readRun(
  event: EventContext,
  client: Octokit,
  warn: (message: string) => void,
): Promise<Run> {
  const { owner, repo } = event.repo;
  const found = await findPull(event, client).catch((error: unknown) => {
    const { fact, remedy } = complaint('Looking for the pull request', 'pull-requests', error);
    warn(`${fact} ${remedy}`);
    return null;
  });
  return {
    owner,
    repo,
    sha: found?.head.sha ?? event.sha,
    pull: found === null ? null : { number: found.number, headBranch: found.head.ref },
    defaultBranch: event.payload.repository?.default_branch ?? null,
    id: event.runId,
    attempt: event.runAttempt,
    url: `${event.serverUrl}/${owner}/${repo}/actions/runs/${event.runId}`,
    serverUrl: event.serverUrl,
    apiUrl: event.apiUrl,
  };
}

interface FoundPull {
  readonly number: number;
  readonly head: Head;
}

async function findPull({ payload, repo, sha }: EventContext, client: Octokit): Promise<FoundPull | null> {
  const named = payload.pull_request;
  if (named?.head !== undefined) return { number: named.number, head: named.head };
  if (payload.issue?.pull_request !== undefined) {
    const { data } = await client.rest.pulls.get({ ...repo, pull_number: payload.issue.number });
    return data;
  }
  const { data } = await client.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha });
  // A merged pull request is associated with the commit on the default branch, too; nobody reads it any more.
  return data.find((pull) => pull.state === 'open' && pull.head.sha === sha) ?? null;
}
