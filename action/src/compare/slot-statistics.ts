import { median, quantile } from 'simple-statistics';
import type { EnvironmentSample, SlotSamples } from '../model.ts';
import type { Bill } from './cost.ts';
import type { MetricId } from './metrics.ts';

/** What a metric is made of: the observations of a slot, and the statistic that stands for them. */
export interface Recipe {
  readonly observations: (slot: SlotSamples) => ArrayLike<number>;
  /** Of the usable observations, which are finite and not negative; never called with none. */
  readonly statistic: (values: Float64Array) => number;
}

/** p99 is an estimate only on this many requests a slot. */
export const MIN_P99_REQUESTS = 500;

/** Every metric's recipe. `bill` turns a mean Billed Duration (ms) into the whole bill. */
export function recipes(bill: Bill): Readonly<Record<MetricId, Recipe>> {
  const duration = (slot: SlotSamples) => slot.warm.durationMs;
  const client = (slot: SlotSamples) => slot.warm.clientMs;
  const billed = (slot: SlotSamples) => slot.warm.billedMs;
  return {
    'duration.p50': { observations: duration, statistic: atQuantile(0.5) },
    'duration.p90': { observations: duration, statistic: atQuantile(0.9) },
    'duration.p95': { observations: duration, statistic: atQuantile(0.95) },
    'duration.p99': { observations: duration, statistic: atQuantile(0.99) },
    'client.p50': { observations: client, statistic: atQuantile(0.5) },
    'client.p90': { observations: client, statistic: atQuantile(0.9) },
    'client.p95': { observations: client, statistic: atQuantile(0.95) },
    'client.p99': { observations: client, statistic: atQuantile(0.99) },
    'billed.mean': { observations: billed, statistic: meanOf },
    'cpu.mean': { observations: (slot) => slot.warm.cpuMs, statistic: meanOf },
    'cold.init': {
      observations: (slot) => known(slot, (environment) => environment.initMs),
      statistic: medianOf,
    },
    'cold.total': { observations: (slot) => known(slot, coldTotal), statistic: medianOf },
    'memory.max': {
      observations: (slot) => known(slot, (environment) => environment.maxMemoryMb),
      statistic: maxOf,
    },
    'cost.total': { observations: billed, statistic: (values) => bill(meanOf(values)) },
  };
}

/** The slot's statistic, or null when it has no usable observation or the statistic is not positive (its log is needed). */
export function slotStatistic(recipe: Recipe, slot: SlotSamples): number | null {
  return positiveStatistic(recipe, usable(recipe.observations(slot)));
}

export function positiveStatistic(recipe: Recipe, values: Float64Array): number | null {
  const statistic = values.length === 0 ? 0 : recipe.statistic(values);
  return statistic > 0 ? statistic : null;
}

/** The observations that are numbers of time or size at all: NaN, infinite and negative ones are left out. */
export function usable(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).filter((value) => Number.isFinite(value) && value >= 0);
}

/** Init Duration plus the first call: what the first caller waits for; null unless both are known. */
export function coldTotal(environment: EnvironmentSample): number | null {
  const { initMs, firstCallMs } = environment;
  return initMs === null || firstCallMs === null ? null : initMs + firstCallMs;
}

function known(slot: SlotSamples, value: (environment: EnvironmentSample) => number | null): number[] {
  return slot.environments.map(value).filter((v): v is number => v !== null);
}

/** Type 7, the default of R and NumPy (Hyndman & Fan 1996); simple-statistics' own, checked against reference data. */
function atQuantile(p: number): (values: Float64Array) => number {
  return (values) => quantile(values as unknown as number[], p);
}

function medianOf(values: Float64Array): number {
  return median(values as unknown as number[]);
}

/** Plain sum: latencies are of one magnitude, and 1e7 of them lose no digit we show. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function maxOf(values: Float64Array): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}
