/** Bootstrap intervals of a mean, here to be checked against, not used: the method of this project draws no random number. */
import { normalCdf, normalQuantile } from '../../../compare/normal.ts';
import { mean, quantiles } from '../../../compare/quantile.ts';
import { indices } from './xoshiro.ts';

export interface Resampling {
  readonly seed: number;
  readonly resamples: number;
  readonly level: number;
}

export function bootstrapMeanPercentile(values: readonly number[], resampling: Resampling): number[] {
  const tail = (1 - resampling.level) / 2;
  return quantiles(resampledMeans(values, resampling), [tail, 1 - tail]);
}

/** Bias-corrected and accelerated (Efron 1987, JASA 82, 171-185). */
export function bootstrapMeanBca(values: readonly number[], resampling: Resampling): number[] {
  const means = resampledMeans(values, resampling);
  const tail = (1 - resampling.level) / 2;
  const estimate = mean(values);
  const below = means.reduce((count, m) => count + (m < estimate ? 1 : m === estimate ? 0.5 : 0), 0);
  const bias = normalQuantile(below / means.length);
  const acceleration = accelerationOf(values);
  const shares = [tail, 1 - tail].map((share) => {
    const z = bias + normalQuantile(share);
    return normalCdf(bias + z / (1 - acceleration * z));
  });
  return quantiles(means, shares);
}

function accelerationOf(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const jackknife = values.map((value) => (total - value) / (values.length - 1));
  const centre = mean(jackknife);
  const power = (exponent: number) => jackknife.reduce((sum, value) => sum + (centre - value) ** exponent, 0);
  return power(3) / (6 * power(2) ** 1.5);
}

function resampledMeans(values: readonly number[], { seed, resamples }: Resampling): number[] {
  const next = indices(seed, values.length);
  return Array.from({ length: resamples }, () => {
    let total = 0;
    for (let i = 0; i < values.length; i++) total += values[next()]!;
    return total / values.length;
  });
}
