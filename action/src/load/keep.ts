import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { Deployment } from '../cloud/cloud.ts';
import { CollectError } from '../errors.ts';
import type { Slot } from '../model.ts';
import type { Progress } from '../progress.ts';
import { OUTPUT_DELAY_MS } from './interim.ts';
import type { Journal, Standing } from './journal.ts';

export interface Keeping {
  readonly slots: readonly Slot[];
  /** Start of load, ms since the epoch. */
  readonly startMs: number;
  readonly deployment: Pick<Deployment, 'invocations' | 'takeInvocations'>;
  readonly journal: Journal;
  readonly standing: () => Standing;
  readonly progress: Progress;
}

/**
 * Once a minute, in the first gap between slots by which the minute's output is in, writes down the platform's records
 * and how the run stands. A platform that does not answer now is asked again a minute later, for both minutes.
 */
export async function keepOnSchedule(keeping: Keeping, signal: AbortSignal): Promise<void> {
  const { slots, startMs, journal } = keeping;
  let fromMs = Math.floor(startMs);
  for (let dueMs = journal.everyMs; ; dueMs += journal.everyMs) {
    const gap = slots.find((slot) => slot.startMs >= dueMs + OUTPUT_DELAY_MS);
    if (gap === undefined) return;
    await sleep(Math.max(0, startMs + gap.startMs - now()), undefined, { signal });
    fromMs = await writeRecords(keeping, fromMs);
    journal.standing(keeping.standing());
    dueMs = Math.max(dueMs, gap.startMs - journal.everyMs);
  }
}

/** From `fromMs` until now; returns from when on the next ones are wanted. */
async function writeRecords(
  { deployment, journal, progress }: Pick<Keeping, 'deployment' | 'journal' | 'progress'>,
  fromMs: number,
): Promise<number> {
  const toMs = now();
  try {
    if (deployment.takeInvocations !== undefined) {
      journal.records(await deployment.takeInvocations({ fromMs, toMs }));
      return fromMs; // What was late is taken next time.
    }
    const found = await deployment.invocations({ fromMs, toMs });
    journal.records(found);
    return toMs + 1;
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    progress.line('load', `records were not to be had, asking again later: ${error.message}`);
    return fromMs;
  }
}
