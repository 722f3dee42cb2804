import type { VariantResult } from '../result.ts';
import { type Numbers, quantiles } from './quantile.ts';

/** Every 5 %, and closer where the tails bend; every percentile a report names is among them. */
const SHARES = [
  0, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8,
  0.85, 0.9, 0.925, 0.95, 0.975, 0.99, 0.995, 0.999, 1,
];

/** The distribution of Duration, ms, small enough to keep; empty when nothing was observed. */
export function durationQuantiles(durations: Numbers): NonNullable<VariantResult['durationQuantiles']> {
  if (durations.length === 0) return [];
  const values = quantiles(durations, SHARES);
  return SHARES.map((share, i) => ({ share, ms: values[i]! }));
}
