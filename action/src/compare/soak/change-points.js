import { inflation, residualLag1 } from '../autocorrelation.ts';

const MIN_SEGMENT = 10;
/** Critical value of the sup-|t| over all splits: false steps in 5 % of stationary series (by simulation). */
const MIN_T = 3.55;
/** ln ratio: steps under 3 % are nobody's concern. */
const MIN_SHIFT = Math.log(1.03);
/**
 * Steps in the mean of a log series by binary segmentation (Scott & Knott 1974, Biometrics 30, 507-512; sup-|t|: Hawkins
 * 1977, JASA 72, 180-186): split where |t| is largest, keep the split if it passes, go on in both parts.
 */
export function changePoints(values) {
  const split = bestSplit(values);
  if (split === null || split.t <= MIN_T || Math.abs(split.shift) < MIN_SHIFT) return [];
  const after = changePoints(values.slice(split.index));
  return [
    ...changePoints(values.slice(0, split.index)),
    split,
    ...after.map((point) => ({ ...point, index: point.index + split.index })),
  ];
}
function bestSplit(values) {
  const n = values.length;
  const total = moments(values);
  let best = { index: 0, shift: 0, t: -1 };
  let sum = 0;
  for (let index = 1; index <= n - MIN_SEGMENT; index++) {
    sum += values[index - 1] - total.mean;
    if (index < MIN_SEGMENT) continue;
    const shift = -sum / (n - index) - sum / index;
    const between = (shift * shift * index * (n - index)) / n;
    const t = tStatistic(between, total.squares - between, n);
    if (t > best.t) best = { index, shift, t };
  }
  return best.t < 0 ? null : { ...best, t: best.t / Math.sqrt(inflationOf(values, best.index)) };
}
/** |t| of two means with pooled variance, from the sums of squares between and within; a clean step has no noise: 0 / 0 is 0. */
function tStatistic(between, within, n) {
  const noise = Math.max(within, Number.EPSILON * between) / (n - 2);
  return noise === 0 ? 0 : Math.sqrt(between / noise);
}
function inflationOf(values, index) {
  const parts = [values.slice(0, index), values.slice(index)];
  const residuals = parts.flatMap((part) => {
    const { mean } = moments(part);
    return part.map((value) => value - mean);
  });
  return inflation(residualLag1(residuals), values.length);
}
function moments(values) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return { mean, squares: values.reduce((total, value) => total + (value - mean) ** 2, 0) };
}
