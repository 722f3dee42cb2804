import { run } from '../command.ts';
import { readJob } from '../job.ts';
import { stderrProgress } from '../progress.ts';
import { connect } from '../publish/octokit.ts';
import { commentEvent, rerun } from '../publish/rerun.ts';

/** The entry of `npm run rerun`, for command.yml. Resolves to the exit code. */
export function main(): Promise<number> {
  return run(async () => {
    const job = readJob(process.env);
    const progress = stderrProgress();
    progress.line('rerun', await rerun(connect({ ...job, progress }), job, commentEvent(job.event)));
    return 0;
  });
}
