import type { SlotSamples } from '../model.ts';
import type { Summary, VariantResult } from '../result.ts';
import { type Arm, pooled } from './arm.ts';
import { attribution } from './attribution.ts';
import { coldStarts } from './cold.ts';
import { type BillTerms, costOf } from './cost.ts';
import { durationQuantiles } from './duration-quantiles.ts';
import { METRICS, type MetricId } from './metrics.ts';
import { perMinute } from './minutes.ts';
import { median, quantiles, sum } from './quantile.ts';
import { columnOf, observations, STATISTICS } from './slot-statistics.ts';
import { soakOf } from './soak/soak.ts';

/** The part of a variant's result that comes from samples. */
export type VariantSamples = Omit<
  VariantResult,
  'build' | 'runtime' | 'architecture' | 'memoryMb' | 'artifact'
>;

export interface VariantInput {
  readonly arm: Arm;
  readonly terms: BillTerms;
  /** Start of load, ms since the epoch. */
  readonly startMs: number;
  /** Seconds of all measured windows of this variant together. */
  readonly windowSeconds: number;
  /** Minutes in which the rate was not the run's most common one. */
  readonly otherRate: ReadonlySet<number>;
}

export function variantSamples({
  arm,
  terms,
  startMs,
  windowSeconds,
  otherRate,
}: VariantInput): VariantSamples {
  const slots = [...arm.slots.values()];
  const minutes = perMinute(slots, startMs);
  const warmRequests = sum(slots.map((slot) => columnOf(slot, 'clientMs').length));
  return {
    name: arm.name,
    requests: sum(slots.map((slot) => slot.requests)),
    errors: sum(slots.map((slot) => slot.errors)),
    dropped: sum(slots.map((slot) => slot.dropped)),
    unmatched: sum(slots.map((slot) => slot.unmatched)),
    warmRequests,
    throughput: windowSeconds > 0 ? warmRequests / windowSeconds : null,
    environments: new Set(slots.flatMap(({ environments }) => environments.map(({ id }) => id))).size,
    environmentsPerSlot: environmentsPerSlot(slots),
    summaries: summaries(arm),
    durationQuantiles: durationQuantiles(pooled(STATISTICS['duration.p50'], slots)),
    cold: coldStarts(slots),
    attribution: attribution(slots),
    cost: costOf(arm.means.billedMs ?? null, terms),
    perMinute: minutes,
    soak: soakOf({ slots, perMinute: minutes, otherRate }),
  };
}

function summaries(arm: Arm): Summary[] {
  const slots = [...arm.slots.values()];
  return METRICS.map(({ id }) => {
    const bySlot = slotValues(arm, id);
    return {
      metric: id,
      n: sum(slots.map((slot) => observations(STATISTICS[id], slot).length)),
      value: arm.whole[id],
      slots: bySlot.length,
      slotMedian: bySlot.length > 0 ? median(bySlot) : null,
      slotSpread: bySlot.length > 1 ? interquartileRange(bySlot) : null,
    };
  });
}

function interquartileRange(values: readonly number[]): number {
  const [lower, upper] = quantiles(values, [0.25, 0.75]);
  return upper! - lower!;
}

function slotValues(arm: Arm, id: MetricId): number[] {
  return Array.from(arm.statistics.values(), (values) => values[id]).filter((value) => value !== null);
}

function environmentsPerSlot(slots: readonly SlotSamples[]): VariantSamples['environmentsPerSlot'] {
  const counts = slots.map((slot) => slot.environments.length);
  if (counts.length === 0) return { min: 0, median: 0 };
  return { min: counts.reduce((a, b) => Math.min(a, b)), median: median(counts) };
}
