import { quantile } from 'simple-statistics';
import type { Deployment } from '../cloud/cloud.ts';
import type { Collected, Config, Invocation, LoadRun, Profile, SlotSamples } from '../model.ts';
import { join, LIMITS } from './join.ts';
import { warningsOf } from './warnings.ts';

/** How far the platform's clock may run ahead of ours, ms, so that the last records are not left out. */
const CLOCK_AHEAD_MS = 5000;

/**
 * The platform's records of a run, in order of time; those that were given away are read anew each time they are asked
 * for.
 *
 * @param taken those that the deployment gave away during the run, if it does (`takeInvocations`).
 * @throws CollectError (from the deployment) when they cannot be read.
 */
export async function recordsOf(
  run: LoadRun,
  deployment: Pick<Deployment, 'invocations' | 'takeInvocations'>,
  taken: () => Iterable<Invocation>,
): Promise<Iterable<Invocation>> {
  const window = { fromMs: Math.floor(run.startMs), toMs: Math.ceil(run.endMs) + CLOCK_AHEAD_MS };
  if (deployment.takeInvocations === undefined)
    return await deployment.invocations({ ...window, requestIds: succeeded(run) });
  const left = await deployment.invocations(window);
  return { [Symbol.iterator]: () => oneAfterTheOther(taken(), left) };
}

function* oneAfterTheOther<T>(...parts: readonly Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

/**
 * Puts the platform's records together with the client's samples.
 *
 * @param profile what the load stage was asked for: it says which invocations are warm-up.
 */
export function collect(
  run: LoadRun,
  invocations: Iterable<Invocation>,
  profile: Profile,
  limits = LIMITS,
): Collected {
  const joined = join(run, invocations, profile, limits);
  const coverage = joined.answered === 0 ? 0 : joined.matched / joined.answered;
  const generatorLag = lagOf(joined.slots);
  const warnings = warningsOf({ run, profile, joined, coverage, generatorLag });
  return { slots: joined.slots, foreignInvocations: joined.foreign, coverage, generatorLag, warnings };
}

/** What is asked of one shard: its part of the environments, rounded down, because some shard has no more. */
export function shareOf({ profile, shard }: Pick<Config, 'profile' | 'shard'>): Profile {
  return { ...profile, environments: Math.floor(profile.environments / (shard?.count ?? 1)) };
}

/** Throttled and refused requests are answered by no function, and have no record to wait for. */
function succeeded({ samples }: LoadRun): Set<string> {
  const ids = new Set<string>();
  for (const { status, requestId } of samples) if (status >= 200 && status < 300) ids.add(requestId);
  return ids;
}

/** Null when no request was warm. */
function lagOf(slots: readonly SlotSamples[]): Collected['generatorLag'] {
  const lags = new Float64Array(slots.reduce((sum, slot) => sum + slot.warm.clientMs.length, 0));
  let next = 0;
  for (const { warm } of slots) {
    for (let row = 0; row < warm.clientMs.length; row++)
      lags[next++] = warm.clientMs[row]! - warm.durationMs[row]!;
  }
  if (lags.length === 0) return null;
  // Its types know plain arrays only; its code takes any with `slice`, and a plain one of millions is half the heap.
  const [p50, p99] = quantile(lags as unknown as number[], [0.5, 0.99]) as [number, number];
  return { p50, p99 };
}
