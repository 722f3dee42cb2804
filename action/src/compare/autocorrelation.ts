import { mean } from './quantile.ts';

/**
 * Lag-1 autocorrelation (Box & Jenkins 1970): lagged products over all squares about the mean. 0 for a constant series,
 * which has no memory to speak of.
 */
export function lag1(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let squares = 0;
  let products = 0;
  values.forEach((value, i) => {
    squares += (value - centre) ** 2;
    if (i > 0) products += (value - centre) * (values[i - 1]! - centre);
  });
  return squares <= Number.EPSILON * values.length * centre ** 2 ? 0 : products / squares;
}

/** An autocorrelation nearer to 1 cannot be told from a trend. */
const MOST = 0.95;

/**
 * Lag-1 autocorrelation of residuals of a fitted line or step, its bias of about -(2 + 4 rho) / n taken back (Kendall
 * 1954; Marriott & Pope 1954, Biometrika 41, 390-402), clipped to [0, 0.95]: negative memory earns no extra trust.
 */
export function residualLag1(residuals: readonly number[]): number {
  const rho = lag1(residuals);
  return Math.min(MOST, Math.max(0, rho + (2 + 4 * rho) / residuals.length));
}

/** About one of twenty series without memory has a lag-1 autocorrelation above so many times 1 / sqrt(n) (Bartlett 1946). */
const ONE_OF_TWENTY = 1.645;

/**
 * How much the memory of a series inflates the variance of its mean, as `inflation`; 1 where its lag-1 autocorrelation is
 * within what chance shows. Its bias of about -(1 + 4 rho) / n is taken back (Marriott & Pope 1954).
 */
export function meanInflation(values: readonly number[]): number {
  const n = values.length;
  const rho = lag1(values);
  return rho * Math.sqrt(n) <= ONE_OF_TWENTY ? 1 : inflation(Math.min(MOST, rho + (1 + 4 * rho) / n), n);
}

/**
 * How much autocorrelation rho^k inflates the variance of a mean of n: 1 + 2 sum (1 - k / n) rho^k (Bayley & Hammersley
 * 1946; for Mann-Kendall: Yue & Wang 2004, Water Resour. Manage. 18, 201-218).
 */
export function inflation(rho: number, n: number): number {
  let total = 1;
  for (let k = 1; k < n; k++) total += 2 * (1 - k / n) * rho ** k;
  return total;
}
