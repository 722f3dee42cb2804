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
      process.stderr.write(`${seconds}s  ${scope.padEnd(14)}  ${disarmed(message)}\n`);
    },
  };
}

/** A runner of GitHub obeys `::command::` at the start of a line and `##[command]` anywhere in it, whoever wrote them. */
export function disarmed(text: string): string {
  return text.replaceAll('##[', '## [').replace(/^(\s*)::/gm, '$1\\::');
}

export const silent: Progress = { line() {} };
