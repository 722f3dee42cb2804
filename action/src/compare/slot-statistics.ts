import type { Distribution, EnvironmentSample, SlotSamples, WarmColumn } from '../model.ts';
import type { MetricId } from './metrics.ts';
import { mean, median, type Numbers, quantile, quantiles } from './quantile.ts';

/** What a metric is in one slot, as data: the one place that says so. */
export type Statistic =
  /** A type-7 quantile of one column. */
  | { readonly of: 'requests'; readonly series: WarmColumn; readonly quantile: number }
  /** The mean of one column. */
  | { readonly of: 'requests'; readonly series: WarmColumn; readonly quantile: 'mean' }
  /** The median or maximum over environments. */
  | {
      readonly of: 'environments';
      readonly value: (environment: EnvironmentSample) => number | null;
      readonly reduce: (values: Numbers) => number;
    }
  /** The whole bill of a million invocations, from the mean of one column. */
  | { readonly of: 'bill'; readonly series: WarmColumn };

export const STATISTICS: Readonly<Record<MetricId, Statistic>> = {
  'duration.p50': { of: 'requests', series: 'durationMs', quantile: 0.5 },
  'duration.p90': { of: 'requests', series: 'durationMs', quantile: 0.9 },
  'duration.p95': { of: 'requests', series: 'durationMs', quantile: 0.95 },
  'duration.p99': { of: 'requests', series: 'durationMs', quantile: 0.99 },
  'client.p50': { of: 'requests', series: 'clientMs', quantile: 0.5 },
  'client.p90': { of: 'requests', series: 'clientMs', quantile: 0.9 },
  'client.p95': { of: 'requests', series: 'clientMs', quantile: 0.95 },
  'client.p99': { of: 'requests', series: 'clientMs', quantile: 0.99 },
  'billed.mean': { of: 'requests', series: 'billedMs', quantile: 'mean' },
  'cpu.mean': { of: 'requests', series: 'cpuMs', quantile: 'mean' },
  'cold.init': { of: 'environments', value: (environment) => environment.initMs, reduce: median },
  'cold.total': { of: 'environments', value: coldTotal, reduce: median },
  'memory.max': { of: 'environments', value: (environment) => environment.maxMemoryMb, reduce: maximum },
  'cost.total': { of: 'bill', series: 'billedMs' },
};

/** Init Duration plus the first call: what the first caller waits for; null unless both are known. */
export function coldTotal({ initMs, firstCallMs }: EnvironmentSample): number | null {
  return initMs === null || firstCallMs === null ? null : initMs + firstCallMs;
}

/** USD per million invocations from a mean Billed Duration, ms; null where there are no prices. */
export type Bill = (billedMs: number) => number | null;

/** The statistic of observations already gathered; null when there are none. */
export function statisticOf(statistic: Statistic, values: Numbers, bill: Bill): number | null {
  if (values.length === 0) return null;
  if (statistic.of === 'environments') return statistic.reduce(values);
  if (statistic.of === 'bill') return bill(mean(values));
  return statistic.quantile === 'mean' ? mean(values) : quantile(values, statistic.quantile);
}

/** Everything measured of a slot's warm requests: each value, or, of a run too large for that, how they are distributed. */
export function columnOf({ warm, histograms }: SlotSamples, column: WarmColumn): Float64Array | Distribution {
  return histograms?.[column] ?? warm[column];
}

/** What a metric observed in a slot: one value per warm request, or per environment that tells. */
export function observations(statistic: Statistic, slot: SlotSamples): Numbers {
  if (statistic.of !== 'environments') return columnOf(slot, statistic.series);
  return slot.environments.map(statistic.value).filter((value) => value !== null);
}

/** Every metric of what `observe` finds; null where that is nothing. Quantiles of a column are found together. */
export function allStatistics(
  observe: (statistic: Statistic) => Numbers,
  bill: Bill,
): Readonly<Record<MetricId, number | null>> {
  const columns = new Map<WarmColumn, Map<number, number>>();
  const entries = Object.entries(STATISTICS).map(([id, statistic]) => {
    if (statistic.of !== 'requests' || statistic.quantile === 'mean')
      return [id, statisticOf(statistic, observe(statistic), bill)] as const;
    const column = columns.get(statistic.series) ?? columnQuantiles(statistic.series, observe(statistic));
    columns.set(statistic.series, column);
    return [id, column.get(statistic.quantile) ?? null] as const;
  });
  return Object.fromEntries(entries) as Record<MetricId, number | null>;
}

function columnQuantiles(series: WarmColumn, column: Numbers): Map<number, number> {
  const shares = Object.values(STATISTICS).flatMap((statistic) =>
    statistic.of === 'requests' && statistic.series === series && statistic.quantile !== 'mean'
      ? [statistic.quantile]
      : [],
  );
  if (column.length === 0) return new Map();
  const values = quantiles(column, shares);
  return new Map(shares.map((share, i) => [share, values[i]!]));
}

function maximum(values: Numbers): number {
  return quantile(values, 1);
}
