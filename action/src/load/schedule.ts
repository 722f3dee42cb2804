import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { isCold } from '../config/profiles.ts';
import type { Profile, Slot, Stage } from '../model.ts';

/** How a variant's share of a block begins, ms: `guard` (nothing is sent), then `opening` (cold and warm-up burst). */
export interface SlotTiming {
  readonly guardMs: number;
  readonly openingMs: number;
}

/** What slots get unless the pilot found that a variant needs longer. */
export const USUAL_TIMING: SlotTiming = { guardMs: 300, openingMs: 1000 };

/**
 * The whole run in time: blocks in order, in each block one slot per variant, in an order shuffled independently
 * (a strict ABBA order would correlate neighbouring blocks). The variants of a block open one after another, and are
 * then measured in turns (see `turnsOf`). Each is measured as long in every block whatever `timing` says: a longer
 * guard or opening makes the block longer, for all variants alike.
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
  // Not xoroshiro128+, whose first draws of neighbouring small seeds are one pattern: the first two blocks were always in one order.
  const random = mersenne(seed | 0);
  const measuredMs = windowOf(profile);
  const slots: Slot[] = [];
  let blockMs = 0;
  for (let block = 0; block < profile.blocks; block++) {
    const blockRate = Math.max(
      1,
      Math.round(rate * multiplierAt((block + 0.5) / profile.blocks, profile.stages)),
    );
    const openingMs = timing.guardMs + (opens(profile, block) ? timing.openingMs : 0);
    const measureMs = blockMs + openingMs * variants.length;
    const endMs = measureMs + measuredMs * variants.length;
    for (const [position, variant] of shuffled(variants, random).entries()) {
      const startMs = blockMs + openingMs * position;
      slots.push({ block, position, variant, startMs, measureMs, endMs, measuredMs, rate: blockRate });
    }
    blockMs = endMs;
  }
  return slots;
}

/** A piece of a measured window, ms from the start of load. */
export interface Turn {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * When the slot's variant is measured. The variants of a block take turns, in the block's order and then back again
 * (what drifts within a block adds as much to each), because a shared machine changes its speed by several percent
 * every few seconds: variants measured in the same seconds meet the same machine (duet benchmarking, arXiv 2001.05811).
 * Where one turn ends, the next begins, to the bit.
 */
export function turnsOf({ position, measureMs, endMs, measuredMs }: Slot): Turn[] {
  const rounds = roundsIn(measuredMs);
  const variants = Math.round((endMs - measureMs) / measuredMs);
  const edge = (turn: number) => measureMs + (turn * measuredMs) / rounds;
  return Array.from({ length: rounds }, (_, round) => {
    const turn = round * variants + (round % 2 === 0 ? position : variants - 1 - position);
    return { startMs: edge(turn), endMs: edge(turn + 1) };
  });
}

/** Enough for there and back to cancel out; more only where turns would else be longer than a machine keeps its speed. */
const USUAL_ROUNDS = 8;
const SHORTEST_TURN_MS = 400;
const LONGEST_TURN_MS = 2000;

/** How many turns each variant of a block has: an even number where there is time for two, as many there as back. */
export function roundsIn(measuredMs: number): number {
  const usual = Math.min(USUAL_ROUNDS, Math.floor(measuredMs / SHORTEST_TURN_MS));
  const rounds = Math.max(usual, Math.ceil(measuredMs / LONGEST_TURN_MS));
  return rounds === 1 ? 1 : rounds - (rounds % 2);
}

/** Whether slots of the block start with new environments and a burst that warms them up. */
export function opens(profile: Profile, block: number): boolean {
  return profile.freshEnvironments || block === 0;
}

/** Two turns, and a handful of requests in each at the lowest rates. */
const SHORTEST_WINDOW_MS = 1000;

/**
 * How long a variant is measured in a block, ms: what the usual guard and opening leave of the slot, and a second at
 * least; 0 for cold starts.
 */
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
