import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { LoadRun, Slot } from '../model.ts';
import { AFTER_LAST_ARRIVAL_MS } from './replace.ts';

/** Looks at an unfinished run, declared before it begins. */
export interface InterimLooks {
  /** Blocks after which to look, ascending; the end of the run is not among them. */
  readonly afterBlocks: readonly number[];
  /** Whether the run, cut off after those blocks, has decided all that it is to decide. */
  readonly decided: (soFar: LoadRun) => Promise<boolean>;
}

/** The generator hands its output on once a second. */
export const OUTPUT_DELAY_MS = 1500;

/**
 * Takes each look at the first beginning of a slot at which the output of its blocks is in, so that the work of looking
 * falls into nobody's turn, and delays no answer to the last request before it.
 *
 * @param soFar the run cut off after so many blocks.
 * @returns the run that was decided on, or null when no look decided.
 */
export async function lookOnSchedule(
  looks: InterimLooks,
  slots: readonly Slot[],
  startMs: number,
  soFar: (blocks: number, look: number) => LoadRun,
  signal: AbortSignal,
): Promise<LoadRun | null> {
  for (const [look, blocks] of looks.afterBlocks.entries()) {
    const gapMs = gapAfter(blocks, slots);
    if (gapMs === null) return null;
    const atMs = startMs + gapMs + AFTER_LAST_ARRIVAL_MS;
    await sleep(Math.max(0, atMs - now()), undefined, { signal });
    const run = soFar(blocks, look);
    if (await looks.decided(run)) return run;
  }
  return null;
}

/** ms from the start of load; null when the run is over before. */
function gapAfter(blocks: number, slots: readonly Slot[]): number | null {
  const endMs = slots.findLast((slot) => slot.block < blocks)?.endMs ?? 0;
  return slots.find((slot) => slot.startMs >= endMs + OUTPUT_DELAY_MS)?.startMs ?? null;
}
