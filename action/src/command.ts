import { allThrown, DuelError, InterruptedError, UsageAsked } from './errors.ts';
import { disarmed } from './progress.ts';

/**
 * Runs a command: hands it a signal that SIGINT and SIGTERM abort, and turns what it throws into messages for a person
 * and an exit code. The only place that catches everything.
 */
export async function run(
  command: (signal: AbortSignal) => Promise<number>,
  explain: (error: unknown) => number = toTerminal,
): Promise<number> {
  const controller = new AbortController();
  const interrupt = (name: NodeJS.Signals) =>
    controller.abort(
      new InterruptedError(`Interrupted by ${name}.`, 'Everything this run started was ended.'),
    );
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await command(controller.signal);
  } catch (error) {
    const [first, ...later] = allThrown(error);
    // What follows from an interruption says nothing; what could not be cleared away then does.
    const codes = [controller.signal.aborted ? controller.signal.reason : first, ...later].map(explain);
    return codes[0] ?? 1;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
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
