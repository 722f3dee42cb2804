/** Progress in the log of a job, folded by stage. */
import { endGroup, info, startGroup } from '@actions/core';
import { disarmed, type Progress } from './progress.ts';

export interface ActionLog extends Progress {
  /** Closes the stage that is open. */
  end(): void;
}

export function actionLog(startedMs: number = Date.now()): ActionLog {
  let open = '';
  const end = () => {
    if (open !== '') endGroup();
    open = '';
  };
  return {
    line(scope, message) {
      const [stage = ''] = scope.split(' ');
      if (stage !== open) {
        end();
        startGroup(stage);
        open = stage;
      }
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1).padStart(6);
      for (const line of message.split(/[\r\n]+/))
        info(`${seconds}s  ${scope.padEnd(14)}  ${disarmed(line)}`);
    },
    end,
  };
}
