import type { SlotSamples } from '../model.ts';
import type { Attribution } from '../result.ts';
import { sum } from './quantile.ts';
import type { Series } from './slot-statistics.ts';

/**
 * Where the time goes: means, because parts of means add up. Over the slots in which every response carried its service
 * times; null when there is none.
 */
export function attribution(slots: readonly SlotSamples[]): Attribution | null {
  const whole = slots.filter(
    ({ warm }) =>
      warm.clientMs.length > 0 &&
      warm.s3Ms.length === warm.clientMs.length &&
      warm.dynamodbMs.length === warm.clientMs.length,
  );
  if (whole.length === 0) return null;
  const mean = (series: Series) => meanOver(whole, series);
  const [clientMs, durationMs, s3Ms, dynamodbMs] = (
    ['clientMs', 'durationMs', 's3Ms', 'dynamodbMs'] as const
  ).map(mean) as [number, number, number, number];
  return {
    clientMs,
    networkMs: clientMs - durationMs,
    s3Ms,
    dynamodbMs,
    ownMs: durationMs - s3Ms - dynamodbMs,
    cpuMs: whole.every(({ warm }) => warm.cpuMs.length === warm.clientMs.length) ? mean('cpuMs') : null,
  };
}

function meanOver(slots: readonly SlotSamples[], series: Series): number {
  const total = slots.reduce((all, { warm }) => all + sum(warm[series]), 0);
  return total / slots.reduce((count, { warm }) => count + warm[series].length, 0);
}
