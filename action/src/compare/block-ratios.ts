import type { Comparison } from '../result.ts';
import { type Arm, allBlocks, pooled } from './arm.ts';
import type { MetricId } from './metrics.ts';
import { columnOf, STATISTICS, statisticOf } from './slot-statistics.ts';

/** ln(head / base) block by block, and the blocks that could not give one. */
export interface BlockRatios {
  readonly blocks: Comparison['blocks'];
  readonly dropped: number;
}

/**
 * Every block in which both arms gave a positive statistic. A block with an arm missing is dropped whole: the other arm
 * alone says nothing about a ratio.
 */
export function blockRatios(id: MetricId, base: Arm, head: Arm): BlockRatios {
  const numbers = allBlocks(base, head);
  const blocks = numbers.flatMap((block) => {
    const logRatio = logRatioOf(base.statistics.get(block)?.[id], head.statistics.get(block)?.[id]);
    return logRatio === null ? [] : [{ block, logRatio }];
  });
  return { blocks, dropped: numbers.length - blocks.length };
}

/**
 * The same over groups of adjacent blocks, each with at least `requests` observations in both arms; what is left at the
 * end joins the last group. A group is named by its first block.
 */
export function mergedRatios(id: MetricId, base: Arm, head: Arm, requests: number): BlockRatios {
  const { blocks: usable, dropped } = blockRatios(id, base, head);
  const groups = adjacent(
    usable.map(({ block }) => block),
    (group) => [base, head].every((arm) => observed(id, arm, group) >= requests),
  );
  const blocks = groups.flatMap((group) => {
    const [below, above] = [base, head].map((arm) => statisticOfGroup(id, arm, group));
    const logRatio = logRatioOf(below, above);
    return logRatio === null ? [] : [{ block: group[0]!, logRatio }];
  });
  return { blocks, dropped };
}

/** ln(head) - ln(base), exactly antisymmetric; null when either is missing or not positive. */
export function logRatioOf(base: number | null | undefined, head: number | null | undefined): number | null {
  if (base === null || base === undefined || head === null || head === undefined) return null;
  return base > 0 && head > 0 ? Math.log(head) - Math.log(base) : null;
}

/** Runs of blocks, each as short as `isFull` allows; an unfilled rest joins the last run, or is lost if there is none. */
function adjacent(blocks: readonly number[], isFull: (group: readonly number[]) => boolean): number[][] {
  const groups: number[][] = [];
  let open: number[] = [];
  for (const block of blocks) {
    open.push(block);
    if (isFull(open)) {
      groups.push(open);
      open = [];
    }
  }
  groups.at(-1)?.push(...open);
  return groups;
}

function statisticOfGroup(id: MetricId, arm: Arm, [first, ...others]: readonly number[]): number | null {
  if (others.length === 0) return arm.statistics.get(first!)![id];
  return statisticOf(STATISTICS[id], pooled(STATISTICS[id], slotsOf(arm, [first!, ...others])), arm.bill);
}

function observed(id: MetricId, arm: Arm, blocks: readonly number[]): number {
  const statistic = STATISTICS[id];
  if (statistic.of === 'environments') return 0;
  return slotsOf(arm, blocks).reduce((count, slot) => count + columnOf(slot, statistic.series).length, 0);
}

const slotsOf = (arm: Arm, blocks: readonly number[]) => blocks.map((block) => arm.slots.get(block)!);
