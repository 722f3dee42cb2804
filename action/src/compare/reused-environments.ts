import { meanInflation } from './autocorrelation.ts';
import { hodgesLehmann, hodgesLehmannInterval, type Interval } from './hodges-lehmann.ts';
import { tTwoSided } from './student-t.ts';
import { welch } from './welch.ts';

export interface ReusedInterval extends Interval {
  readonly estimate: number;
  readonly p: number;
  /** Welch-Satterthwaite degrees of freedom. */
  readonly df: number;
  /** What the variance of the blocks was multiplied by, because neighbours resemble each other; 1 where they do not. */
  readonly inflation: number;
}

/** An environment needs this many requests for its statistic to count. */
export const MIN_ENVIRONMENT_REQUESTS = 20;

/**
 * The fallback when environments served several blocks: blocks then share their environments' luck, so block noise
 * and environment noise both count and the half-widths add in quadrature (blocks: Hodges-Lehmann; environments: Welch on
 * their log statistics). Noise of kept environments can outlast a block, too, and then blocks resemble their neighbours:
 * the half-width of the blocks grows by the root of `meanInflation`. Null when the noise of either is unknown: too few
 * blocks, or an arm with fewer than two environments.
 */
export function reusedEnvironments(
  logRatios: readonly number[],
  base: readonly number[],
  head: readonly number[],
  level = 0.95,
): ReusedInterval | null {
  const environments = welch(base, head, level);
  if (logRatios.length === 0 || environments === null) return null;
  const estimate = hodgesLehmann(logRatios);
  const { lo, hi } = hodgesLehmannInterval(logRatios, level);
  if (lo === null || hi === null) return null;
  const inflation = meanInflation(logRatios);
  const half = Math.hypot((Math.sqrt(inflation) * (hi - lo)) / 2, (environments.hi - environments.lo) / 2);
  const { df, t } = environments;
  const p = half === 0 ? Number(estimate === 0) : tTwoSided((t * estimate) / half, df);
  return { estimate, lo: estimate - half, hi: estimate + half, df, p, inflation };
}
