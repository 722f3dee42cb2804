import type { SlotSamples, WarmColumn } from '../model.ts';
import type { Attribution } from '../result.ts';
import { sum } from './quantile.ts';
import { columnOf } from './slot-statistics.ts';

/**
 * Where the time goes: means, because parts of means add up. Over the slots in which every response carried its service
 * times; null when there is none.
 */
export function attribution(slots: readonly SlotSamples[]): Attribution | null {
  const whole = slots.filter(
    (slot) => columnOf(slot, 'clientMs').length > 0 && isWhole(slot, 's3Ms') && isWhole(slot, 'dynamodbMs'),
  );
  if (whole.length === 0) return null;
  const mean = (column: WarmColumn) => meanOver(whole, column);
  const [clientMs, durationMs, s3Ms, dynamodbMs] = (
    ['clientMs', 'durationMs', 's3Ms', 'dynamodbMs'] as const
  ).map(mean) as [number, number, number, number];
  return {
    clientMs,
    networkMs: clientMs - durationMs,
    s3Ms,
    dynamodbMs,
    ownMs: durationMs - s3Ms - dynamodbMs,
    cpuMs: whole.every((slot) => isWhole(slot, 'cpuMs')) ? mean('cpuMs') : null,
  };
}

const isWhole = (slot: SlotSamples, column: WarmColumn): boolean =>
  columnOf(slot, column).length === columnOf(slot, 'clientMs').length;

function meanOver(slots: readonly SlotSamples[], column: WarmColumn): number {
  const columns = slots.map((slot) => columnOf(slot, column));
  return (
    columns.reduce((total, values) => total + sum(values), 0) /
    columns.reduce((count, { length }) => count + length, 0)
  );
}
