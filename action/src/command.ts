import { allThrown, DuelError, InterruptedError, UsageAsked } from './errors.ts';
import { disarmed } from './progress.ts';

/**
 * The last is of a terminal that is closed. nohup keeps it from no program in Node, with a handler or without one: at its
 * start Node puts back what signals that are ignored do.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command: hands it a signal that SIGINT, SIGTERM and SIGHUP abort, and turns what it throws into messages for a
 * person and an exit code. The only place that catches everything.
 */
export async function run(
  command: (signal: AbortSignal) => Promise<number>,
  explain: (error: unknown) => number = toTerminal,
): Promise<number> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals) => {
    if (name === 'SIGHUP') writeToNobody();
    controller.abort(
      new InterruptedError(`Interrupted by ${name}.`, 'Everything this run started was ended.'),
    );
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await command(controller.signal);
  } catch (error) {
    const [first, ...later] = allThrown(error);
    // What follows from an interruption says nothing; what could not be cleared away then does.
    const codes = [controller.signal.aborted ? controller.signal.reason : first, ...later].map(explain);
    return codes[0] ?? 1;
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt);
  }
}

/** The terminal may be gone: a line of progress must not end what clears away. */
function writeToNobody(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function toTerminal(error: unknown): number {
  if (error instanceof UsageAsked) {
    process.stdout.write(`${error.message}\n`);
    return 0;
  }
  if (error instanceof DuelError) {
    process.stderr.write(disarmed(`\n${error.name}: ${error.message}\n${error.remedy}\n`));
    return error.exitCode;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(disarmed(`\nThis is a defect of ours, please report it:\n${stack}\n`));
  return 1;
}
