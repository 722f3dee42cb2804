/** `/benchmark` in a comment: the benchmark of a pull request's head runs again, if who asks may write. */
import { z } from 'zod';
import { PublishError } from '../errors.ts';
import { listed } from '../report/words.ts';
import { refuse } from './complaint.ts';
import type { Octokit } from './octokit.ts';
import type { Repository } from './untrusted/artifact.ts';

const COMMAND = '/benchmark';
const WORKFLOWS = ['benchmark.yml', 'benchmark-aws.yml'];

const EventSchema = z.object({
  comment: z.object({ id: z.number().int(), body: z.string(), user: z.object({ login: z.string() }) }),
  issue: z.object({ number: z.number().int(), pull_request: z.object({}) }),
});
export type CommentEvent = z.infer<typeof EventSchema>;

/** @param event the payload of an `issue_comment` event. @throws PublishError when it is another */
export function commentEvent(event: unknown): CommentEvent {
  const parsed = EventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new PublishError(
    `The event is not a comment on a pull request: ${z.prettifyError(parsed.error)}`,
    'Start this from a workflow with `on: issue_comment`.',
  );
}

/**
 * Starts the newest runs of the head commit anew, one of each workflow, with the rights that they had: nothing of the pull
 * request is run here.
 *
 * @returns what was done, in a sentence
 */
export async function rerun(
  client: Octokit,
  { owner, repo }: Repository,
  event: CommentEvent,
): Promise<string> {
  const { comment, issue } = event;
  if (comment.body.trim() !== COMMAND)
    return `The comment is not the command ${COMMAND} alone: nothing to do.`;
  const login = comment.user.login;
  if (!(await mayWrite(client, { owner, repo }, login))) {
    await react(client, { owner, repo }, comment.id, '-1');
    return `${login} has no write access: nothing was started.`;
  }
  const runs = await newestRuns(client, { owner, repo }, issue.number);
  const ended = runs.filter(({ status }) => status === 'completed');
  if (ended.length === 0) {
    await react(client, { owner, repo }, comment.id, 'eyes');
    return `${numbersOf(runs)} still going on: nothing was started.`;
  }
  const waiting = ended.find(({ conclusion }) => conclusion === 'action_required');
  if (waiting !== undefined) throw unapproved(waiting.id, issue.number);
  for (const { id } of ended)
    await client.rest.actions
      .reRunWorkflow({ owner, repo, run_id: id })
      .catch(refuse('Starting the run again', 'actions'));
  await react(client, { owner, repo }, comment.id, 'rocket');
  return `${numbersOf(ended)} started again for ${login}.`;
}

/** `Run 2 is`, `Runs 2 and 5 are`. */
function numbersOf(runs: readonly { readonly id: number }[]): string {
  const ids = listed(runs.map(({ id }) => String(id)));
  return runs.length === 1 ? `Run ${ids} is` : `Runs ${ids} are`;
}

/** `permission` says `write` for the role `maintain`, too (REST, "Get repository permissions for a user"). */
async function mayWrite(client: Octokit, { owner, repo }: Repository, username: string): Promise<boolean> {
  const asked = client.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username });
  const permission = await asked.then(({ data }) => data.permission).catch(asNobody);
  return permission === 'admin' || permission === 'write';
}

/** An app that comments is no user, and not found. */
function asNobody(error: unknown): 'none' {
  if ((error as { status?: number }).status === 404) return 'none';
  return refuse('Asking what the author of the comment may do', 'contents')(error);
}

/** The same commit may be the head of several pull requests, those of other repositories among them. */
async function newestRuns(client: Octokit, { owner, repo }: Repository, number: number) {
  const asked = client.rest.pulls.get({ owner, repo, pull_number: number });
  const { head } = (await asked.catch(refuse('Reading the pull request', 'pull-requests'))).data;
  const newest = WORKFLOWS.map(async (workflow_id) => {
    const query = { owner, repo, workflow_id, event: 'pull_request', head_sha: head.sha, per_page: 100 };
    const { data } = await client.rest.actions
      .listWorkflowRuns(query)
      .catch(refuse('Looking for its runs', 'actions'));
    return data.workflow_runs.find(
      ({ head_branch, head_repository }) =>
        head_branch === head.ref && head_repository?.full_name === head.repo?.full_name,
    );
  });
  const known = (await Promise.all(newest)).filter((run) => run !== undefined);
  // One that was skipped, as there is no role for AWS, would be again.
  const runs = known.filter(({ conclusion }) => conclusion !== 'skipped');
  if (runs.length > 0) return runs;
  throw new PublishError(
    `No run of ${WORKFLOWS.join(' or ')} is known for ${head.sha.slice(0, 12)}, the head of pull request ${number}.`,
    'Push to the pull request: that starts one.',
  );
}

/** To start it would be to approve it unseen. */
function unapproved(run: number, number: number): PublishError {
  return new PublishError(
    `Run ${run} of pull request ${number} waits for approval, because its author is new here.`,
    'Read the change, then approve the run on the page of the pull request.',
  );
}

async function react(
  client: Octokit,
  { owner, repo }: Repository,
  id: number,
  content: '-1' | 'eyes' | 'rocket',
): Promise<void> {
  await client.rest.reactions
    .createForIssueComment({ owner, repo, comment_id: id, content })
    .catch(refuse('Reacting to the comment', 'pull-requests'));
}
