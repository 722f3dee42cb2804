import jStat from 'jstat';
import { sum } from '../quantile.ts';

export interface ErrorBurst {
  readonly index: number;
  readonly errors: number;
  /** Mean errors of the other minutes. */
  readonly expected: number;
}

const MIN_ERRORS = 3;
const ALPHA = 0.01;

/**
 * Minutes with more errors than chance scatters: at least three, and a Poisson tail against the mean of all other
 * minutes below 1 %, divided by the number of minutes (Bonferroni).
 */
export function errorBursts(errors: readonly number[]): ErrorBurst[] {
  const total = sum(errors);
  return errors.flatMap((count, index) => {
    if (count < MIN_ERRORS || errors.length < 2) return [];
    const expected = (total - count) / (errors.length - 1);
    return poissonTail(count, expected) < ALPHA / errors.length ? [{ index, errors: count, expected }] : [];
  });
}

/** P(X >= count) of a Poisson variable, summed from the term of `count` on; 1 where the count is no surprise. */
function poissonTail(count: number, mean: number): number {
  if (mean === 0) return 0;
  if (count <= mean) return 1;
  let term = Math.exp(count * Math.log(mean) - mean - jStat.gammaln(count + 1));
  let tail = 0;
  for (let k = count; term > tail * Number.EPSILON; k++) {
    tail += term;
    term *= mean / (k + 1);
  }
  return tail;
}
