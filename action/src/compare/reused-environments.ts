import jStat from 'jstat';
import { sampleVariance } from 'simple-statistics';
import { hodgesLehmann, hodgesLehmannInterval, type Interval } from './hodges-lehmann.ts';

export interface ReusedInterval extends Interval {
  readonly estimate: number;
  readonly p: number;
  /** Welch-Satterthwaite degrees of freedom. */
  readonly df: number;
}

/** An environment needs this many requests for its statistic to count. */
export const MIN_ENVIRONMENT_REQUESTS = 20;

/**
 * The fallback when environments served several blocks: block noise and environment noise both count, so the
 * half-widths add in quadrature (block: Hodges-Lehmann; environments: Welch 1947 on their log statistics, df by
 * Satterthwaite 1946). Infinite when an arm has fewer than two environments.
 */
export function reusedEnvironments(
  logRatios: readonly number[],
  base: readonly number[],
  head: readonly number[],
): ReusedInterval | null {
  if (logRatios.length === 0 || base.length < 2 || head.length < 2) return null;
  const estimate = hodgesLehmann(logRatios);
  const { lo, hi } = hodgesLehmannInterval(logRatios, 0.95);
  const a = sampleVariance([...base]) / base.length;
  const b = sampleVariance([...head]) / head.length;
  if (lo === null || hi === null || a + b === 0) return null;
  const df = (a + b) ** 2 / (a ** 2 / (base.length - 1) + b ** 2 / (head.length - 1));
  const t = jStat.studentt.inv(0.975, df);
  const half = Math.hypot((hi - lo) / 2, t * Math.sqrt(a + b));
  const p = 2 * jStat.studentt.cdf(-Math.abs(estimate) / (half / t), df);
  return { estimate, lo: estimate - half, hi: estimate + half, df, p };
}
