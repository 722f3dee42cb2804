import type { Arm } from './arm.ts';
import type { MetricId } from './metrics.ts';
import { MIN_ENVIRONMENT_REQUESTS } from './reused-environments.ts';
import { STATISTICS, statisticOf } from './slot-statistics.ts';

/** ln of the metric over each environment's requests in the whole run, where it has enough of them. */
export function environmentLogs(id: MetricId, arm: Arm): number[] {
  const statistic = STATISTICS[id];
  if (statistic.of === 'environments') return [];
  const values = new Map<string, number[]>();
  for (const { warm, environments } of arm.slots.values()) {
    const column = warm[statistic.series];
    for (let i = 0; i < column.length; i++) {
      const environment = environments[warm.environment[i]!]!.id;
      const known = values.get(environment);
      if (known) known.push(column[i]!);
      else values.set(environment, [column[i]!]);
    }
  }
  return [...values.values()].flatMap((known) => {
    if (known.length < MIN_ENVIRONMENT_REQUESTS) return [];
    const value = statisticOf(statistic, known, arm.bill);
    return value !== null && value > 0 ? [Math.log(value)] : [];
  });
}
