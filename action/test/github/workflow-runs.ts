/** Runs of workflows: https://docs.github.com/en/rest/actions/workflow-runs */
import { type Answer, created, type Exchange, notFound, Refusal } from './exchange.ts';

/** Newest first, as GitHub lists them. */
export function listWorkflowRuns({ state, params, query }: Exchange): Answer {
  const [sha, event] = [query.get('head_sha'), query.get('event')];
  const list = state.workflowRuns
    .filter(({ workflow }) => workflow === params.workflow)
    .filter((run) => (sha === null || run.headSha === sha) && (event === null || run.event === event))
    .sort((a, b) => b.id - a.id)
    .map((run) => ({
      ...{ id: run.id, head_sha: run.headSha, head_branch: run.headBranch, event: run.event },
      head_repository: { full_name: run.headRepository },
      ...{ status: run.status, conclusion: run.conclusion ?? null, run_attempt: run.attempt },
    }));
  return { status: 200, list, wrap: (page, total) => ({ total_count: total, workflow_runs: page }) };
}

export function rerunWorkflow({ state, params }: Exchange): Answer {
  const run = state.workflowRuns.find(({ id }) => id === Number(params.run));
  if (run === undefined) throw notFound();
  if (run.status !== 'completed') throw new Refusal(403, 'This workflow run cannot be rerun');
  run.attempt += 1;
  run.status = 'queued';
  return created({});
}
