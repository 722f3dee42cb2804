import { fewestBlocks, GATES_OF_A_PAIR } from '../config/profiles.ts';
import type { Verdict } from '../result.ts';
import type { Interval } from './hodges-lehmann.ts';

/** 8: with fewer blocks even the metrics of one pair can never be significant. */
export const MIN_BLOCKS = fewestBlocks(GATES_OF_A_PAIR);

/** A Holm-adjusted p up to this is a difference, unless the run was stopped early (early-stop.ts). */
export const ALPHA = 0.05;

export interface Evidence extends Interval {
  readonly n: number;
  /** ln(head / base). */
  readonly estimate: number;
  readonly pHolm: number;
  /** ln(1 + practical margin). */
  readonly margin: number;
  /** Default: ALPHA. */
  readonly alpha?: number;
  /** The interval that equality is judged by; default: the 95 % interval itself. */
  readonly equivalence?: Interval;
}

/** The verdict on one metric. The order of the questions is the method: equivalence is asked before difference. */
export function verdictOf(evidence: Evidence): Verdict {
  const { n, lo, hi, estimate, pHolm, margin, alpha = ALPHA, equivalence = evidence } = evidence;
  if (n < MIN_BLOCKS || lo === null || hi === null) return 'insufficient data';
  if (isWithinMargin(equivalence, margin)) return 'no practical difference';
  if (pHolm <= alpha && estimate !== 0) return estimate > 0 ? 'worse' : 'better';
  return 'inconclusive';
}

/** Two one-sided tests as an interval: equality is shown, not merely not disproved (Schuirmann 1987). */
function isWithinMargin({ lo, hi }: Interval, margin: number): boolean {
  return lo !== null && hi !== null && -margin <= lo && hi <= margin;
}

/** Whether the whole interval lies beyond the margin, on either side. */
export function isBeyondMargin({ lo, hi }: Interval, margin: number): boolean {
  return lo !== null && hi !== null && (lo > margin || hi < -margin);
}

/**
 * The smallest ln ratio the run could have detected with power 0.8: (1.960 + 0.842) / 1.960 = 1.43 times the interval's
 * half-width.
 */
export function smallestDetectable({ lo, hi }: Interval): number | null {
  return lo === null || hi === null ? null : (1.43 * (hi - lo)) / 2;
}
