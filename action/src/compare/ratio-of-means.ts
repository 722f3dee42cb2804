import type { Arm } from './arm.ts';
import { mean } from './quantile.ts';
import { observations, type Statistic } from './slot-statistics.ts';

/** Head mean over base mean of all observations: what readers expect, not what is judged. Null where it is not defined. */
export function ratioOfMeans(statistic: Statistic, base: Arm, head: Arm): number | null {
  const [below, above] = [base, head].map((arm) => {
    const average = meanObserved(statistic, arm);
    return average !== null && statistic.of === 'bill' ? arm.bill(average) : average;
  });
  return below && above && below > 0 ? above / below : null;
}

function meanObserved(statistic: Statistic, arm: Arm): number | null {
  let total = 0;
  let count = 0;
  for (const slot of arm.slots.values()) {
    const values = observations(statistic, slot);
    if (values.length > 0) total += mean(values) * values.length;
    count += values.length;
  }
  return count === 0 ? null : total / count;
}
