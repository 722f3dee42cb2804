/**
 * The Mann-Whitney test, here to be checked against, not used: on pooled requests it calls a difference in 54-91 % of
 * A/A runs, because requests of one environment are not independent.
 */
import { normalTwoSided } from '../../../compare/normal.ts';

export interface MannWhitney {
  /** Pairs with y > x, ties half. */
  readonly u: number;
  readonly p: number;
}

/** Normal approximation with tie and continuity correction (Lehmann 1975, Nonparametrics, 1.5). */
export function mannWhitneyAsymptotic(x: readonly number[], y: readonly number[]): MannWhitney {
  const u = pairsWon(x, y);
  const n = x.length + y.length;
  const ties = [...tieSizes([...x, ...y])].reduce((total, t) => total + t ** 3 - t, 0);
  const variance = ((x.length * y.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  const distance = Math.abs(u - (x.length * y.length) / 2) - 0.5;
  return {
    u,
    p: variance === 0 ? 1 : Math.min(1, normalTwoSided(Math.max(0, distance) / Math.sqrt(variance))),
  };
}

/** Exact for untied samples: counts of u by the recursion over sample sizes (Mann & Whitney 1947). */
export function mannWhitneyExact(x: readonly number[], y: readonly number[]): MannWhitney {
  const u = pairsWon(x, y);
  const counts = uCounts(x.length, y.length);
  const all = counts.reduce((total, count) => total + count, 0);
  const far = Math.max(u, x.length * y.length - u);
  const tail = counts.slice(far).reduce((total, count) => total + count, 0);
  return { u, p: Math.min(1, (2 * tail) / all) };
}

function pairsWon(x: readonly number[], y: readonly number[]): number {
  return y.reduce((won, b) => won + x.reduce((sum, a) => sum + (Math.sign(b - a) + 1) / 2, 0), 0);
}

function tieSizes(values: readonly number[]): Iterable<number> {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return sizes.values();
}

/** Coefficients of the Gaussian binomial: the number of arrangements of m and n values with each u. */
function uCounts(m: number, n: number): number[] {
  const counts = new Array<number>(m * n + 1).fill(0);
  counts[0] = 1;
  for (let i = 1; i <= m; i++) {
    for (let u = m * n; u >= n + i; u--) counts[u]! -= counts[u - n - i]!;
    for (let u = i; u <= m * n; u++) counts[u]! += counts[u - i]!;
  }
  return counts;
}
