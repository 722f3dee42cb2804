import type { SlotSamples } from '../model.ts';
import type { VariantResult } from '../result.ts';
import { type Numbers, quantiles, together } from './quantile.ts';
import { columnOf } from './slot-statistics.ts';

const MINUTE_MS = 60_000;

interface Minute {
  requests: number;
  errors: number;
  maxMemoryMb: number | null;
  /** Warm requests that ended in it. */
  warm: number;
}

/**
 * The run minute by minute. Warm requests count in the minute they ended in; a slot's requests, errors and memory in
 * the minute it started in, because blocks are hardly longer than a minute. A time before the start of load, which only
 * a clock set back can give, counts in the first minute. Histograms do not tell when a request ended: theirs is the
 * slot's minute.
 */
export function perMinute(slots: readonly SlotSamples[], startMs: number): VariantResult['perMinute'] {
  const minuteOf = (timeMs: number) => Math.max(0, Math.floor((timeMs - startMs) / MINUTE_MS));
  const minutes = tally(slots, minuteOf);
  const isKept = slots.every(({ histograms }) => histograms === undefined);
  const durations = isKept ? durationsBy(minuteOf, slots, minutes) : histogramsBy(minuteOf, slots);
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([minute, { requests, errors, maxMemoryMb }]) => ({
      minute,
      requests,
      errors,
      ...latency(durations.get(minute) ?? []),
      maxMemoryMb,
    }));
}

function tally(slots: readonly SlotSamples[], minuteOf: (timeMs: number) => number): Map<number, Minute> {
  const minutes = new Map<number, Minute>();
  const at = (timeMs: number): Minute => {
    const index = minuteOf(timeMs);
    const minute = minutes.get(index) ?? { requests: 0, errors: 0, maxMemoryMb: null, warm: 0 };
    minutes.set(index, minute);
    return minute;
  };
  for (const slot of slots) {
    const minute = at(slot.startMs);
    minute.requests += slot.requests;
    minute.errors += slot.errors;
    for (const { maxMemoryMb } of slot.environments)
      if (maxMemoryMb !== null) minute.maxMemoryMb = Math.max(minute.maxMemoryMb ?? 0, maxMemoryMb);
    if (slot.histograms === undefined)
      for (let i = 0; i < slot.warm.endMs.length; i++) at(slot.warm.endMs[i]!).warm++;
  }
  return minutes;
}

/** Two passes, so that ten million durations are held once and not as growing lists. */
function durationsBy(
  minuteOf: (timeMs: number) => number,
  slots: readonly SlotSamples[],
  minutes: ReadonlyMap<number, Minute>,
): Map<number, Float64Array> {
  const columns = new Map(Array.from(minutes, ([index, { warm }]) => [index, new Float64Array(warm)]));
  const filled = new Map<number, number>();
  for (const { warm } of slots) {
    // Of an import only the client's view is known.
    const latencies = warm.durationMs.length > 0 ? warm.durationMs : warm.clientMs;
    for (let i = 0; i < warm.endMs.length; i++) {
      const index = minuteOf(warm.endMs[i]!);
      const next = filled.get(index) ?? 0;
      columns.get(index)![next] = latencies[i]!;
      filled.set(index, next + 1);
    }
  }
  return columns;
}

function histogramsBy(
  minuteOf: (timeMs: number) => number,
  slots: readonly SlotSamples[],
): Map<number, Numbers> {
  const parts = new Map<number, Numbers[]>();
  for (const slot of slots) {
    const index = minuteOf(slot.startMs);
    const part = columnOf(slot, columnOf(slot, 'durationMs').length > 0 ? 'durationMs' : 'clientMs');
    parts.set(index, [...(parts.get(index) ?? []), part]);
  }
  return new Map(Array.from(parts, ([index, columns]) => [index, together(columns)]));
}

function latency(durations: Numbers): Pick<VariantResult['perMinute'][number], 'p50' | 'p95' | 'p99'> {
  if (durations.length === 0) return { p50: null, p95: null, p99: null };
  const [p50, p95, p99] = quantiles(durations, [0.5, 0.95, 0.99]);
  return { p50: p50!, p95: p95!, p99: p99! };
}
