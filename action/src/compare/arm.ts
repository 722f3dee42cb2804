import type { SlotSamples } from '../model.ts';
import type { MetricId } from './metrics.ts';
import { sum } from './quantile.ts';
import {
  allStatistics,
  type Bill,
  observations,
  type Series,
  STATISTICS,
  type Statistic,
} from './slot-statistics.ts';

/** One variant's samples, ready to be compared. */
export interface Arm {
  readonly name: string;
  /** By block, ascending. */
  readonly slots: ReadonlyMap<number, SlotSamples>;
  /** Statistics of each slot, by block. */
  readonly statistics: ReadonlyMap<number, Readonly<Record<MetricId, number | null>>>;
  /** Mean of all warm requests of every column that a metric is made of; null where it is empty. */
  readonly means: Readonly<Partial<Record<Series, number | null>>>;
  readonly bill: Bill;
  /** Ids of environments that served more than one block. */
  readonly reused: ReadonlySet<string>;
}

export function armOf(name: string, slots: readonly SlotSamples[], bill: Bill): Arm {
  const ordered = [...slots].sort((a, b) => a.block - b.block);
  return {
    name,
    slots: new Map(ordered.map((slot) => [slot.block, slot])),
    statistics: new Map(
      ordered.map((slot) => [slot.block, allStatistics((statistic) => observations(statistic, slot), bill)]),
    ),
    means: columnMeans(ordered),
    bill,
    reused: reusedIds(ordered),
  };
}

function columnMeans(slots: readonly SlotSamples[]): Arm['means'] {
  const mean = (series: Series) => {
    const count = slots.reduce((total, { warm }) => total + warm[series].length, 0);
    return count === 0 ? null : slots.reduce((total, { warm }) => total + sum(warm[series]), 0) / count;
  };
  const columns = Object.values(STATISTICS).flatMap((statistic) =>
    statistic.of === 'environments' ? [] : [statistic.series],
  );
  return Object.fromEntries(Array.from(new Set(columns), (series) => [series, mean(series)]));
}

function reusedIds(slots: readonly SlotSamples[]): Set<string> {
  const blockOf = new Map<string, number>();
  const reused = new Set<string>();
  for (const { block, environments } of slots) {
    for (const { id } of environments) {
      if ((blockOf.get(id) ?? block) !== block) reused.add(id);
      blockOf.set(id, block);
    }
  }
  return reused;
}

/** All observations in the slots given, in one array. */
export function pooled(statistic: Statistic, slots: Iterable<SlotSamples>): Float64Array {
  const parts = Array.from(slots, (slot) => observations(statistic, slot));
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Blocks in which either arm had a slot, ascending. */
export function allBlocks(base: Arm, head: Arm): number[] {
  return [...new Set([...base.slots.keys(), ...head.slots.keys()])].sort((a, b) => a - b);
}
