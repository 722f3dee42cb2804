/** The action's post step: ends what a cancelled or killed run left. */
import { warning } from '@actions/core';
import { type ActionJob, awsJobOf, openJob, wordsOf } from './action-job.ts';
import { actionLog } from './action-log.ts';
import { keptState } from './action-state.ts';
import { run } from './command.ts';
import { retire } from './publish/github.ts';

const log = actionLog();
const state = keptState();

process.exitCode = await run(async () => {
  if (state === null) return 0;
  const job = await openJob(log);
  const tasks = [deleteStacks(job, state.region), retire(job.audience, state.checkId, 'cancelled', [])];
  const outcomes = await Promise.allSettled(tasks);
  for (const outcome of outcomes) if (outcome.status === 'rejected') complain(outcome.reason);
  return 0;
}, complain);
log.end();

async function deleteStacks(job: ActionJob, region: string | null): Promise<void> {
  if (region === null) return;
  const { deleteRunOfJob } = await import('./cloud/aws/from-job.ts');
  await deleteRunOfJob(awsJobOf(job, region), log);
}

/** The job has its outcome already. @returns the exit code */
function complain(error: unknown): number {
  warning(wordsOf(error).join('\n'));
  return 0;
}
