import { quantile } from 'simple-statistics';
import type { SlotSamples } from '../model.ts';
import type { VariantResult } from '../result.ts';
import { usable } from './slot-statistics.ts';

interface Minute {
  readonly durations: number[];
  requests: number;
  errors: number;
  maxMemoryMb: number | null;
}

/**
 * The run minute by minute. Warm requests count in the minute they ended in; a slot's requests, errors and memory in
 * the minute it started in, because slots are shorter than a minute.
 */
export function perMinute(slots: readonly SlotSamples[], startMs: number): VariantResult['perMinute'] {
  const minutes = new Map<number, Minute>();
  const at = (timeMs: number): Minute => {
    const index = Math.max(0, Math.floor((timeMs - startMs) / 60_000));
    const minute = minutes.get(index) ?? { durations: [], requests: 0, errors: 0, maxMemoryMb: null };
    minutes.set(index, minute);
    return minute;
  };
  for (const slot of slots) {
    addSlot(at(slot.startMs), slot);
    slot.warm.endMs.forEach((endMs, i) => {
      at(endMs).durations.push(slot.warm.durationMs[i]!);
    });
  }
  return [...minutes].sort(([a], [b]) => a - b).map(([minute, found]) => row(minute, found));
}

function addSlot(minute: Minute, slot: SlotSamples): void {
  minute.requests += slot.requests;
  minute.errors += slot.errors;
  for (const { maxMemoryMb } of slot.environments) {
    if (maxMemoryMb !== null) minute.maxMemoryMb = Math.max(minute.maxMemoryMb ?? 0, maxMemoryMb);
  }
}

function row(
  minute: number,
  { durations, requests, errors, maxMemoryMb }: Minute,
): VariantResult['perMinute'][number] {
  const values = usable(durations) as unknown as number[];
  const [p50, p95, p99] =
    values.length > 0 ? (quantile(values, [0.5, 0.95, 0.99]) as unknown as number[]) : [];
  return { minute, requests, errors, p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null, maxMemoryMb };
}
