import { interquartileRange, median, quantile } from 'simple-statistics';
import type { SlotSamples } from '../model.ts';
import type { Attribution, Summary, VariantResult } from '../result.ts';
import { type BillTerms, costOf } from './cost.ts';
import { METRICS } from './metrics.ts';
import { perMinute } from './minutes.ts';
import {
  coldTotal,
  meanOf,
  positiveStatistic,
  type Recipe,
  slotStatistic,
  usable,
} from './slot-statistics.ts';

/** The part of a variant's result that comes from samples. */
export type VariantSamples = Omit<VariantResult, 'runtime' | 'architecture' | 'memoryMb' | 'artifact'>;

export interface VariantInput {
  readonly name: string;
  readonly slots: readonly SlotSamples[];
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly terms: BillTerms;
  /** Start of load, ms since the epoch. */
  readonly startMs: number;
  /** Seconds of all measured windows of this variant together. */
  readonly windowSeconds: number;
}

export function variantSamples(input: VariantInput): VariantSamples {
  const { name, slots, terms, startMs } = input;
  const warmRequests = total(slots, (slot) => slot.warm.clientMs.length);
  return {
    name,
    requests: total(slots, (slot) => slot.requests),
    errors: total(slots, (slot) => slot.errors),
    dropped: total(slots, (slot) => slot.dropped),
    unmatched: total(slots, (slot) => slot.unmatched),
    warmRequests,
    throughput: input.windowSeconds > 0 ? warmRequests / input.windowSeconds : null,
    environments: new Set(slots.flatMap((slot) => slot.environments.map((environment) => environment.id)))
      .size,
    environmentsPerSlot: environmentsPerSlot(slots),
    summaries: METRICS.map((metric) => summary(metric.id, input.recipes[metric.id]!, slots)),
    cold: cold(slots),
    attribution: attribution(slots),
    cost: costOf(slots, terms),
    perMinute: perMinute(slots, startMs),
  };
}

function summary(metric: string, recipe: Recipe, slots: readonly SlotSamples[]): Summary {
  const pooled = usable(concatenate(slots.map(recipe.observations)));
  const statistics = slots
    .map((slot) => slotStatistic(recipe, slot))
    .filter((value): value is number => value !== null);
  return {
    metric,
    n: pooled.length,
    value: positiveStatistic(recipe, pooled),
    slots: statistics.length,
    slotMedian: statistics.length > 0 ? median(statistics) : null,
    slotSpread: statistics.length > 1 ? interquartileRange(statistics) : null,
  };
}

function environmentsPerSlot(slots: readonly SlotSamples[]): VariantSamples['environmentsPerSlot'] {
  const counts = slots.map((slot) => slot.environments.length);
  return counts.length === 0
    ? { min: 0, median: 0 }
    : { min: counts.reduce((a, b) => Math.min(a, b)), median: median(counts) };
}

function cold(slots: readonly SlotSamples[]): VariantSamples['cold'] {
  const started = slots
    .flatMap((slot) => slot.environments)
    .filter((environment) => environment.initMs !== null);
  const spread = (values: readonly (number | null)[]) => {
    const usableValues = usable(
      values.filter((value): value is number => value !== null),
    ) as unknown as number[];
    if (usableValues.length === 0) return null;
    const [p50, p95, max] = quantile(usableValues, [0.5, 0.95, 1]) as unknown as [number, number, number];
    return { p50, p95, max };
  };
  return {
    n: started.length,
    initMs: spread(started.map((environment) => environment.initMs)),
    firstCallMs: spread(started.map((environment) => environment.firstCallMs)),
    totalMs: spread(started.map(coldTotal)),
  };
}

/** Where the time goes: means, because parts of means add up. Null unless every part was measured on every request. */
function attribution(slots: readonly SlotSamples[]): Attribution | null {
  const all = (pick: (slot: SlotSamples) => Float64Array) => concatenate(slots.map(pick));
  const [client, duration, s3, dynamodb, cpu] = [
    all((slot) => slot.warm.clientMs),
    all((slot) => slot.warm.durationMs),
    all((slot) => slot.warm.s3Ms),
    all((slot) => slot.warm.dynamodbMs),
    all((slot) => slot.warm.cpuMs),
  ];
  if (client.length === 0 || [duration, s3, dynamodb].some((part) => part.length !== client.length))
    return null;
  const parts = {
    clientMs: meanOf(client),
    durationMs: meanOf(duration),
    s3Ms: meanOf(s3),
    dynamodbMs: meanOf(dynamodb),
  };
  if (!Object.values(parts).every(Number.isFinite)) return null;
  const { clientMs, durationMs, s3Ms, dynamodbMs } = parts;
  const cpuMs = cpu.length === client.length ? meanOf(cpu) : null;
  return {
    clientMs,
    networkMs: clientMs - durationMs,
    s3Ms,
    dynamodbMs,
    ownMs: durationMs - s3Ms - dynamodbMs,
    cpuMs,
  };
}

/** One array of all; observations of a run fit in memory by design. */
export function concatenate(parts: readonly ArrayLike<number>[]): Float64Array {
  const joined = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function total(slots: readonly SlotSamples[], value: (slot: SlotSamples) => number): number {
  return slots.reduce((sum, slot) => sum + value(slot), 0);
}
