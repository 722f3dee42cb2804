/**
 * Progress of long steps: one plain line an event, to stderr, so that stdout stays clean for `--json` and a CI log
 * reads the same as a terminal.
 */
export interface Progress {
  /** `scope` is a stage or a variant, e.g. `build rust`. */
  line(scope: string, message: string): void;
}

export function stderrProgress(startedMs: number = performance.now()): Progress {
  return {
    line(scope, message) {
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
      process.stderr.write(`${seconds}s  ${scope.padEnd(14)}  ${message}\n`);
    },
  };
}

export const silent: Progress = { line() {} };
