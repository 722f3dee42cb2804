import { mean } from '../quantile.ts';

const BATCH = 5;

/**
 * How many values to cut off the start so that what is left is steady: MSER-5 (White 1997, Simulation 69, 323-334; White,
 * Cobb & Spratt 2000) takes means of five and cuts where the squared standard error of the rest is least. Cuts beyond
 * half of the series are not considered: there the rule is known to fail.
 */
export function mser5(values: readonly number[]): number {
  const batches = Array.from({ length: Math.floor(values.length / BATCH) }, (_, i) =>
    mean(values.slice(i * BATCH, (i + 1) * BATCH)),
  );
  const errors = batches
    .slice(0, Math.floor(batches.length / 2))
    .map((_, cut) => squaredError(batches.slice(cut)));
  const least = errors.reduce((lowest, error) => Math.min(lowest, error), Number.POSITIVE_INFINITY);
  return BATCH * Math.max(0, errors.indexOf(least));
}

function squaredError(batches: readonly number[]): number {
  const centre = mean(batches);
  return batches.reduce((total, value) => total + (value - centre) ** 2, 0) / batches.length ** 2;
}
