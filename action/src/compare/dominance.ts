import type { WarmColumn } from '../model.ts';
import { type Arm, allBlocks } from './arm.ts';
import { ascending, mean } from './quantile.ts';
import { observations, type Statistic } from './slot-statistics.ts';

/** Within-block P(head > base) of a metric's observations, ties half; null for means and bills, and where nothing was observed. */
export type Dominance = (statistic: Statistic) => number | null;

/** Averaged over blocks. All quantiles of a column share its observations, which are sorted once. */
export function dominanceOf(base: Arm, head: Arm): Dominance {
  const columns = new Map<WarmColumn, number | null>();
  return (statistic) => {
    if (statistic.of === 'environments') return averageOverBlocks(statistic, base, head);
    if (statistic.of === 'bill' || statistic.quantile === 'mean') return null;
    if (!columns.has(statistic.series))
      columns.set(statistic.series, averageOverBlocks(statistic, base, head));
    return columns.get(statistic.series)!;
  };
}

function averageOverBlocks(statistic: Statistic, base: Arm, head: Arm): number | null {
  const shares = allBlocks(base, head).flatMap((block) => {
    const [a, b] = [base.slots.get(block), head.slots.get(block)];
    if (!a || !b) return [];
    const [x, y] = [observations(statistic, a), observations(statistic, b)];
    if (x.length === 0 || y.length === 0) return [];
    return [commonLanguage(ascending(x), ascending(y))];
  });
  return shares.length === 0 ? null : mean(shares);
}

/** P(y > x) + P(y = x) / 2 for ascending arrays, by one walk (McGraw & Wong 1992, Psychol. Bull. 111, 361-365). */
export function commonLanguage(x: Float64Array, y: Float64Array): number {
  let below = 0;
  let upTo = 0;
  let wins = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i]!;
    while (below < x.length && x[below]! < value) below++;
    upTo = Math.max(upTo, below);
    while (upTo < x.length && x[upTo]! <= value) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (x.length * y.length);
}
