/** Feeds a target until its budget is used up or a promise of its is broken. */
import fc from 'fast-check';
import type { Target } from './target.ts';

/** Whichever is used up first. */
export interface Budget {
  readonly executions: number;
  readonly ms: number;
  /** Ends it between two batches. */
  readonly signal: AbortSignal;
}

export interface Finding {
  /** Shrunk. */
  readonly input: string;
  readonly error: string;
  /** Finds it again as the first batch's. */
  readonly seed: number;
}

export interface Outcome {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  readonly finding: Finding | null;
}

/** Told of every execution. */
export type Beat = (target: string, seed: number) => void;

/** Executions that share a seed, and are finished whatever the time: seconds of a slow target. */
const batchOf = ({ short }: Target): number => Math.min(250, 4 * short);
/** What one execution may take of the processor, seconds: each is a text of a few kB. */
const MOST_CPU_SECONDS = 5;
/** And of time, ms, when it waits for something that never comes. */
const MOST_MS = 60_000;

export async function execute(target: Target, seed: number, budget: Budget, beat: Beat): Promise<Outcome> {
  const started = performance.now();
  const elapsedMs = () => performance.now() - started;
  let executions = 0;
  let finding: Finding | null = null;
  for (
    let batch = 0;
    finding === null && executions < budget.executions && elapsedMs() < budget.ms;
    batch++
  ) {
    budget.signal.throwIfAborted();
    const own = (seed + batch) >>> 0;
    const property = fc.asyncProperty(target.arbitrary, (input) =>
      once(target, input, () => beat(target.name, own)),
    );
    const numRuns = Math.min(batchOf(target), budget.executions - executions);
    const run = await fc.check(property, { seed: own | 0, numRuns, timeout: MOST_MS });
    executions += run.numRuns;
    if (run.failed && run.counterexample !== null) finding = findingOf(run, own);
  }
  return { target: target.name, executions, seconds: elapsedMs() / 1000, finding };
}

async function once(target: Target, input: unknown, beat: () => void): Promise<void> {
  beat();
  const before = process.cpuUsage();
  await target.holds(input);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (seconds > MOST_CPU_SECONDS) throw new Error(`took ${seconds.toFixed(1)} s of the processor`);
}

const SHOWN = 4000;

function findingOf({ counterexample, errorInstance }: fc.RunDetails<[unknown]>, seed: number): Finding {
  const input = fc.stringify(counterexample?.[0]);
  const error =
    errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  const shown = input.length > SHOWN ? `${input.slice(0, SHOWN)} ... (${input.length} characters)` : input;
  return { input: shown, error, seed };
}
