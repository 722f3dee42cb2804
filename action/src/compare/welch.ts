/**
 * Welch's interval for the difference of two means of unequal variance (Welch 1947, Biometrika 34, 28-35; degrees of
 * freedom by Satterthwaite 1946).
 */
import { sampleVariance } from 'simple-statistics';
import { mean } from './quantile.ts';
import { tQuantile } from './student-t.ts';

export interface Welch {
  /** mean(y) - mean(x). */
  readonly difference: number;
  readonly lo: number;
  readonly hi: number;
  readonly df: number;
  /** The t quantile that the half-width was made with. */
  readonly t: number;
}

/** Null when an arm has fewer than two values: its variance is unknown. Two constant arms have an interval of width 0. */
export function welch(x: readonly number[], y: readonly number[], level = 0.95): Welch | null {
  if (x.length < 2 || y.length < 2) return null;
  const a = sampleVariance(x) / x.length;
  const b = sampleVariance(y) / y.length;
  const constant = a + b === 0;
  const df = constant
    ? x.length + y.length - 2
    : (a + b) ** 2 / (a ** 2 / (x.length - 1) + b ** 2 / (y.length - 1));
  const t = tQuantile(0.5 + level / 2, df);
  const difference = mean(y) - mean(x);
  const half = t * Math.sqrt(a + b);
  return { difference, lo: difference - half, hi: difference + half, df, t };
}
