/** The action's post step: ends what a cancelled or killed run left. It has seconds. */
import { getState, warning } from '@actions/core';
import { openJob, wordsOf } from './action-job.ts';
import { actionLog } from './action-log.ts';
import { run } from './command.ts';
import { retire } from './publish/github.ts';

const log = actionLog();
const running = getState('running');

process.exitCode = await run(
  async () => {
    if (running === '') return 0;
    const { checkId } = JSON.parse(running) as { checkId: number | null };
    const job = await openJob(log);
    await retire(job.audience, checkId, 'cancelled', []);
    return 0;
  },
  // The job has its outcome already.
  (error) => {
    warning(wordsOf(error).join('\n'));
    return 0;
  },
);
log.end();
