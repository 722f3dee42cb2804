import type { Verdict } from '../result.ts';
import type { Interval } from './hodges-lehmann.ts';

/** Below this many blocks Holm over the five gates can never reach 0.05. */
export const MIN_BLOCKS = 8;

export interface Evidence extends Interval {
  readonly n: number;
  /** ln(head / base). */
  readonly estimate: number;
  readonly pHolm: number;
  /** ln(1 + practical margin). */
  readonly margin: number;
}

/** The verdict on one metric. The order of the questions is the method: equivalence is asked before difference. */
export function verdictOf({ n, lo, hi, estimate, pHolm, margin }: Evidence): Verdict {
  if (n < MIN_BLOCKS || lo === null || hi === null) return 'insufficient data';
  if (-margin <= lo && hi <= margin) return 'no practical difference';
  if (pHolm <= 0.05) return estimate > 0 ? 'worse' : 'better';
  return 'inconclusive';
}

/** Whether the whole interval lies beyond the margin, on either side. */
export function isBeyondMargin({ lo, hi }: Interval, margin: number): boolean {
  return lo !== null && hi !== null && (lo > margin || hi < -margin);
}

/** The smallest ln ratio the run could have detected: about 1.43 times the interval's half-width. */
export function smallestDetectable({ lo, hi }: Interval): number | null {
  return lo === null || hi === null ? null : (1.43 * (hi - lo)) / 2;
}
