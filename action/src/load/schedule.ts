import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Profile, Slot, Stage } from '../model.ts';
import { isCold } from './profiles.ts';

/** How a slot divides its time, ms: `guard` (nothing is sent), `opening` (cold and warm-up burst), then the window. */
export interface SlotTiming {
  readonly guardMs: number;
  readonly openingMs: number;
}

/** What slots get unless the pilot found that a variant needs longer. */
export const USUAL_TIMING: SlotTiming = { guardMs: 300, openingMs: 1000 };

/**
 * The whole run in time: blocks in order, in each block one slot per variant, in an order shuffled independently
 * (a strict ABBA order would correlate neighbouring blocks). The measured window is as long in every slot whatever
 * `timing` says: a longer guard or opening makes the slot longer, for all variants alike.
 *
 * @param rate requests per second before the stages' multipliers.
 * @returns one slot per block and variant, by time.
 */
export function schedule(
  profile: Profile,
  variants: readonly string[],
  rate: number,
  seed: number,
  timing: SlotTiming = USUAL_TIMING,
): Slot[] {
  const random = xoroshiro128plus(seed | 0);
  const windowMs = windowOf(profile);
  const slots: Slot[] = [];
  let startMs = 0;
  for (let block = 0; block < profile.blocks; block++) {
    const blockRate = Math.max(
      1,
      Math.round(rate * multiplierAt((block + 0.5) / profile.blocks, profile.stages)),
    );
    for (const [position, variant] of shuffled(variants, random).entries()) {
      const measureMs = startMs + timing.guardMs + (opens(profile, block) ? timing.openingMs : 0);
      const endMs = measureMs + windowMs;
      slots.push({ block, position, variant, startMs, measureMs, endMs, rate: blockRate });
      startMs = endMs;
    }
  }
  return slots;
}

/** Whether slots of the block start with new environments and a burst that warms them up. */
export function opens(profile: Profile, block: number): boolean {
  return profile.freshEnvironments || block === 0;
}

/** k6 refuses shorter scenarios. */
const SHORTEST_WINDOW_MS = 1000;

/** Length of a measured window, ms: what the usual guard and opening leave of the slot, and a second at least; 0 for cold starts. */
export function windowOf(profile: Profile): number {
  if (isCold(profile)) return 0;
  const opening = profile.freshEnvironments ? USUAL_TIMING.openingMs : 0;
  return Math.max(
    SHORTEST_WINDOW_MS,
    Math.round(profile.slotSeconds * 1000 - USUAL_TIMING.guardMs - opening),
  );
}

/** Multiplier of the base rate when `share` (0..1) of the run has passed; what lies beyond the stages keeps the last rate. */
export function multiplierAt(share: number, stages: readonly Stage[]): number {
  let from = 0;
  let before = 0;
  for (const stage of stages) {
    if (share < from + stage.share) return within(stage, (share - from) / stage.share, before);
    from += stage.share;
    before = stage.rate;
  }
  return before;
}

function within(stage: Stage, progress: number, before: number): number {
  return stage.shape === 'hold' ? stage.rate : before + (stage.rate - before) * progress;
}

/** Fisher-Yates: every order is equally likely. */
function shuffled(variants: readonly string[], random: RandomGenerator): string[] {
  const order = [...variants];
  for (let last = order.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
