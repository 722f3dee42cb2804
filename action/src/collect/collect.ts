import { quantile } from 'simple-statistics';
import type { Deployment } from '../cloud/cloud.ts';
import type { Collected, LoadRun, Profile, SlotSamples } from '../model.ts';
import { join } from './join.ts';
import { warningsOf } from './warnings.ts';

/** How far the platform's clock may run ahead of ours, ms, so that the last records are not left out. */
const CLOCK_AHEAD_MS = 5000;

/**
 * Asks the platform for its records of the run and puts them together with the client's samples.
 *
 * @param profile what the load stage was asked for: it says which invocations are warm-up.
 * @throws CollectError (from the deployment) when the records cannot be read.
 */
export async function collect(run: LoadRun, deployment: Deployment, profile: Profile): Promise<Collected> {
  const window = {
    fromMs: Math.floor(run.startMs),
    toMs: Math.ceil(run.endMs) + CLOCK_AHEAD_MS,
    requestIds: succeeded(run),
  };
  const joined = join(run, await deployment.invocations(window), profile);
  const coverage = joined.answered === 0 ? 0 : joined.matched / joined.answered;
  const generatorLag = lagOf(joined.slots);
  const warnings = warningsOf({ run, profile, joined, coverage, generatorLag });
  return { slots: joined.slots, foreignInvocations: joined.foreign, coverage, generatorLag, warnings };
}

/** Throttled and refused requests are answered by no function, and have no record to wait for. */
function succeeded({ samples }: LoadRun): Set<string> {
  return new Set(
    samples.filter(({ status }) => status >= 200 && status < 300).map(({ requestId }) => requestId),
  );
}

/** Null when no request was warm. */
function lagOf(slots: readonly SlotSamples[]): Collected['generatorLag'] {
  const lags = new Float64Array(slots.reduce((sum, slot) => sum + slot.warm.clientMs.length, 0));
  let next = 0;
  for (const { warm } of slots) {
    for (const [index, clientMs] of warm.clientMs.entries())
      lags[next++] = clientMs - warm.durationMs[index]!;
  }
  if (lags.length === 0) return null;
  const [p50, p99] = quantile(Array.from(lags), [0.5, 0.99]) as [number, number];
  return { p50, p99 };
}
