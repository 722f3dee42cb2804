import { median, type Values } from '../quantile.ts';

/** All slopes (y_j - y_i) / (x_j - x_i), i < j, x ascending without repeats. */
export function pairwiseSlopes(y: Values, x: Values): Float64Array {
  const n = y.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let next = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) slopes[next++] = (y[j]! - y[i]!) / (x[j]! - x[i]!);
  return slopes;
}

/** The median of all pairwise slopes (Theil 1950; Sen 1968, JASA 63, 1379-1389); 0 for fewer than two points. */
export function theilSen(y: Values, x: Values = positions(y.length)): number {
  return y.length < 2 ? 0 : median(pairwiseSlopes(y, x));
}

export function positions(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => i);
}
