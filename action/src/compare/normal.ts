/**
 * The normal distribution, by jstat: simple-statistics' own is a table that ends at 3.09 and a `probit` that is 0.003 off.
 */
import jStat from 'jstat';

export function normalCdf(z: number): number {
  return jStat.normal.cdf(z, 0, 1);
}

export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}

/** Two-sided p of a z statistic. */
export function normalTwoSided(z: number): number {
  return 2 * normalCdf(-Math.abs(z));
}
