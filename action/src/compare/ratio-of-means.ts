import { type Arm, pooled } from './arm.ts';
import { mean } from './quantile.ts';
import type { Statistic } from './slot-statistics.ts';

/** Head mean over base mean of all observations: what readers expect, not what is judged. Null where it is not defined. */
export function ratioOfMeans(statistic: Statistic, base: Arm, head: Arm): number | null {
  const [below, above] = [base, head].map((arm) => meanObserved(statistic, arm));
  return below && above ? above / below : null;
}

function meanObserved(statistic: Statistic, arm: Arm): number | null {
  if (statistic.of === 'environments') {
    const values = pooled(statistic, arm.slots.values());
    return values.length === 0 ? null : mean(values);
  }
  const average = arm.means[statistic.series] ?? null;
  return average !== null && statistic.of === 'bill' ? arm.bill(average) : average;
}
