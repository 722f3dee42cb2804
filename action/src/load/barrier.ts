import { setTimeout as sleep } from 'node:timers/promises';
import type { Warning } from '../model.ts';
import type { Progress } from '../progress.ts';
import type { K6 } from './k6.ts';
import { duration } from './tally.ts';

export interface Barrier {
  /** ms since the epoch by this machine's clock; absent for now. */
  readonly startAtMs?: number;
  /** Ready and paused. */
  readonly k6: Pick<K6, 'finished'>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Holds the load back until the moment at which every shard of a run begins.
 *
 * @returns a warning when the moment was over before all was ready: this shard then sends later than the others.
 * @throws LoadError when k6 ends meanwhile, the signal's reason when it is given.
 */
export async function untilStart({ startAtMs, k6, progress, signal }: Barrier): Promise<Warning[]> {
  if (startAtMs === undefined) return [];
  const aheadMs = startAtMs - Date.now();
  if (aheadMs < 0) return [startedLate(startAtMs, Math.ceil(-aheadMs / 1000))];
  progress.line('load', `ready; waiting ${duration(aheadMs)} for ${new Date(startAtMs).toISOString()}`);
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  try {
    await Promise.race([sleep(aheadMs, undefined, { signal: both }), k6.finished]);
  } finally {
    over.abort();
  }
  return [];
}

function startedLate(startAtMs: number, seconds: number): Warning {
  const moment = new Date(startAtMs).toISOString();
  return {
    code: 'started-late',
    message: `The load was ready ${seconds} s after the moment it was to begin, ${moment}: it did not run at the same time as that of other shards.`,
    data: { seconds, startAt: moment },
  };
}
