import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { Deployment } from '../cloud/cloud.ts';
import { CollectError } from '../errors.ts';
import type { Slot } from '../model.ts';
import type { Progress } from '../progress.ts';
import type { Journal } from './journal.ts';
import type { Standing } from './replay.ts';

export interface Keeping {
  readonly slots: readonly Slot[];
  /** Start of load, ms since the epoch. */
  readonly startMs: number;
  readonly deployment: Pick<Deployment, 'invocations' | 'takeInvocations'>;
  readonly journal: Journal;
  readonly standing: () => Standing;
  readonly progress: Progress;
}

/** Into the gap, ms: the last requests before it may still be on their way. */
const AFTER_LAST_ARRIVALS_MS = 200;

/**
 * Once a minute, in the next gap between blocks, writes down the platform's records and how the run stands. A platform
 * that does not answer now is asked again a minute later, for both minutes.
 *
 * @param signal the load is over: nothing more is written down.
 */
export async function keepOnSchedule(keeping: Keeping, signal: AbortSignal): Promise<void> {
  const { slots, startMs, journal } = keeping;
  const records = new RecordKeeper(keeping, signal);
  for (let dueMs = journal.everyMs; ; dueMs += journal.everyMs) {
    const gap = slots.find(({ position, startMs }) => position === 0 && startMs >= dueMs);
    if (gap === undefined) return;
    const atMs = startMs + gap.startMs + AFTER_LAST_ARRIVALS_MS;
    await sleep(Math.max(0, atMs - now()), undefined, { signal });
    await records.write();
    signal.throwIfAborted();
    journal.standing(keeping.standing());
    dueMs = Math.max(dueMs, gap.startMs + 1 - journal.everyMs);
  }
}

/** How long after its invocation a platform may hand a record in, ms: each reading goes back so far before the last one. */
const LATE_MS = 180_000;

/** Writes each record down once. */
class RecordKeeper {
  readonly #keeping: Keeping;
  readonly #signal: AbortSignal;
  #fromMs: number;
  /** Request ids of the records that were written down and may be read again, by their time. */
  #written = new Map<string, number>();

  constructor(keeping: Keeping, signal: AbortSignal) {
    this.#keeping = keeping;
    this.#signal = signal;
    this.#fromMs = Math.floor(keeping.startMs);
  }

  async write(): Promise<void> {
    try {
      await this.#read(now());
    } catch (error) {
      if (!(error instanceof CollectError)) throw error;
      this.#keeping.progress.line('load', `records were not to be had, asking again later: ${error.message}`);
    }
  }

  async #read(toMs: number): Promise<void> {
    const { deployment, journal, startMs } = this.#keeping;
    const window = { fromMs: this.#fromMs, toMs };
    if (deployment.takeInvocations !== undefined) {
      journal.records(await deployment.takeInvocations(window)); // What was late is taken next time.
      return;
    }
    const found = await deployment.invocations(window);
    // The reading may have outlived the load, and the journal.
    this.#signal.throwIfAborted();
    const fresh = found.filter(({ requestId }) => !this.#written.has(requestId));
    journal.records(fresh);
    this.#fromMs = Math.max(Math.floor(startMs), toMs - LATE_MS);
    for (const { requestId, timeMs } of fresh) this.#written.set(requestId, timeMs);
    for (const [requestId, timeMs] of this.#written)
      if (timeMs < this.#fromMs) this.#written.delete(requestId);
  }
}
