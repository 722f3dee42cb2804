/** Whose run it was, from GitHub alone: nothing in an artefact is asked. */
import { z } from 'zod';
import { PublishError } from '../../errors.ts';
import type { Octokit } from '../octokit.ts';
import type { Repository } from './artifact.ts';

const EventSchema = z.object({
  workflow_run: z.object({
    id: z.number().int().positive(),
    run_attempt: z.number().int().positive(),
    head_sha: z.string().regex(/^[0-9a-f]{40,64}$/),
    head_branch: z.string(),
    head_repository: z.object({ full_name: z.string(), owner: z.object({ login: z.string() }) }),
  }),
});

export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly headSha: string;
  readonly headBranch: string;
  /** `OWNER/NAME`, a fork's. */
  readonly headRepository: string;
  readonly headOwner: string;
}

/** @param event the payload of a `workflow_run` event */
export function workflowRun(event: unknown): WorkflowRun {
  const parsed = EventSchema.safeParse(event);
  if (!parsed.success)
    throw new PublishError(
      `The event is not a workflow_run of a pull request: ${z.prettifyError(parsed.error)}`,
      'Start this from a workflow with `on: workflow_run`.',
    );
  const { id, run_attempt, head_sha, head_branch, head_repository } = parsed.data.workflow_run;
  return {
    id,
    attempt: run_attempt,
    headSha: head_sha,
    headBranch: head_branch,
    headRepository: head_repository.full_name,
    headOwner: head_repository.owner.login,
  };
}

/**
 * The open pull request whose head is still the commit that was measured; null when it was closed or pushed to since.
 * The event's own `pull_requests` is empty for forks.
 */
export async function pullRequestOf(
  octokit: Octokit,
  { owner, repo }: Repository,
  run: WorkflowRun,
): Promise<number | null> {
  const pulls = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo,
    state: 'open',
    head: `${run.headOwner}:${run.headBranch}`,
    per_page: 100,
  });
  const own = pulls.find(
    ({ head }) => head.sha === run.headSha && head.repo?.full_name === run.headRepository,
  );
  return own?.number ?? null;
}
