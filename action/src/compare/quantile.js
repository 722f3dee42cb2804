/**
 * The three order statistics the method rests on, for plain and typed arrays alike. simple-statistics' quantile is type 7
 * (Hyndman & Fan 1996, Am. Stat. 50, 361-365), the default of R and NumPy; its types know plain arrays only, its code
 * takes any array with `slice`.
 */
import * as statistics from 'simple-statistics';
/** Several quantiles by one selection; about 20 times cheaper than sorting. `values` must not be empty. */
export function quantiles(values, shares) {
  return statistics.quantile(values, shares);
}
export function quantile(values, share) {
  return statistics.quantile(values, share);
}
export function median(values) {
  return quantile(values, 0.5);
}
/** Plain sum: latencies are of one magnitude, and 1e7 of them lose no digit we show. */
export function mean(values) {
  return sum(values) / values.length;
}
export function sum(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
