/**
 * The order statistics the method rests on, for plain and typed arrays and for histograms alike. simple-statistics'
 * quantile is type 7 (Hyndman & Fan 1996, Am. Stat. 50, 361-365), the default of R and NumPy. Its types know plain arrays
 * only, its code takes any array with `slice`; it is given one kind, because code that meets two runs at two thirds the speed.
 */
import * as statistics from 'simple-statistics';
import type { Distribution } from '../model.ts';

export type Values = readonly number[] | Float64Array;
/** What a metric observed: every value, or how they are distributed. */
export type Numbers = Values | Distribution;

const isDistribution = (values: Numbers): values is Distribution => 'mergedWith' in values;

/** Several quantiles by one selection, which is cheaper than sorting. `values` must not be empty. */
export function quantiles(values: Numbers, shares: readonly number[]): number[] {
  if (isDistribution(values)) return values.quantiles(shares);
  const column = values instanceof Float64Array ? values : new Float64Array(values);
  return statistics.quantile(column as unknown as number[], shares as number[]);
}

export function quantile(values: Numbers, share: number): number {
  return quantiles(values, [share])[0]!;
}

export function median(values: Numbers): number {
  return quantile(values, 0.5);
}

/** Plain sum: latencies are of one magnitude, and 1e7 of them lose no digit we show. */
export function mean(values: Numbers): number {
  return sum(values) / values.length;
}

export function sum(values: Numbers): number {
  if (isDistribution(values)) return values.sum;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

export function ascending(values: Numbers): Float64Array {
  return isDistribution(values) ? values.ascending() : new Float64Array(values).sort();
}

/** All of several in one. */
export function together(parts: readonly Numbers[]): Numbers {
  const [first, ...others] = parts;
  if (first !== undefined && isDistribution(first)) return first.mergedWith(others.filter(isDistribution));
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part as Float64Array, offset);
    offset += part.length;
  }
  return all;
}
