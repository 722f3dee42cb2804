import type { SlotSamples, WarmColumn } from '../model.ts';
import type { MetricId } from './metrics.ts';
import { type Numbers, sum, together } from './quantile.ts';
import {
  allStatistics,
  type Bill,
  columnOf,
  observations,
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
  /** Statistics of all slots as one. */
  readonly whole: Readonly<Record<MetricId, number | null>>;
  /** Mean of all warm requests of every column that a metric is made of; null where it is empty. */
  readonly means: Readonly<Partial<Record<WarmColumn, number | null>>>;
  readonly bill: Bill;
  /** Of each cold invocation that was billed: the bill if all cold ones were billed like it. */
  readonly coldBills: readonly Bill[];
  /** Ids of environments that served more than one block. */
  readonly reused: ReadonlySet<string>;
}

export function armOf(
  name: string,
  slots: readonly SlotSamples[],
  bill: Bill,
  coldBills: readonly Bill[] = [],
): Arm {
  const ordered = [...slots].sort((a, b) => a.block - b.block);
  return {
    name,
    slots: new Map(ordered.map((slot) => [slot.block, slot])),
    statistics: new Map(
      ordered.map((slot) => [slot.block, allStatistics((statistic) => observations(statistic, slot), bill)]),
    ),
    whole: allStatistics((statistic) => pooled(statistic, ordered), bill),
    means: columnMeans(ordered),
    bill,
    coldBills,
    reused: reusedIds(ordered),
  };
}

function columnMeans(slots: readonly SlotSamples[]): Arm['means'] {
  const mean = (series: WarmColumn) => {
    const columns = slots.map((slot) => columnOf(slot, series));
    const count = columns.reduce((total, { length }) => total + length, 0);
    return count === 0 ? null : columns.reduce((total, column) => total + sum(column), 0) / count;
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

/** All observations in the slots given. */
export function pooled(statistic: Statistic, slots: Iterable<SlotSamples>): Numbers {
  return together(Array.from(slots, (slot) => observations(statistic, slot)));
}

/** Blocks in which either arm had a slot, ascending. */
export function allBlocks(base: Arm, head: Arm): number[] {
  return [...new Set([...base.slots.keys(), ...head.slots.keys()])].sort((a, b) => a - b);
}
