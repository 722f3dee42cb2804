import { describe, expect, it } from 'vitest';
import type { SlotSamples } from '../../model.ts';
import { errorBursts } from './error-bursts.ts';
import { memoryGrowth } from './memory-growth.ts';
import { mser5 } from './mser5.ts';
import { otherRateMinutes } from './other-rate.ts';
import { soakOf } from './soak.ts';

/** A little noise that repeats itself only after 97 values. */
const noise = (i: number) => 0.004 * (((i * 37) % 97) / 48 - 1);

function minutesOf(
  logP50: (minute: number) => number,
  count = 120,
  errors: (minute: number) => number = () => 0,
) {
  return Array.from({ length: count }, (_, minute) => ({
    minute,
    requests: 600,
    errors: errors(minute),
    p50: Math.exp(logP50(minute) + noise(minute)),
    p95: null,
    p99: null,
    maxMemoryMb: null,
  }));
}

const soak = (perMinute: ReturnType<typeof minutesOf>, otherRate = new Set<number>()) =>
  soakOf({ slots: [], perMinute, otherRate });

describe('the course of a long run', () => {
  it('is steady when nothing but noise happens', () => {
    expect(soak(minutesOf(() => 3))).toMatchObject({
      course: 'steady',
      steps: [],
      errorBursts: [],
      minutes: 120,
    });
  });

  it('is a drift, with its slope in percent an hour inside its interval', () => {
    const found = soak(minutesOf((minute) => 3 + Math.log(1.1) * (minute / 60)))!;
    expect(found.course).toBe('drift');
    expect(found.trend.percentPerHour).toBeCloseTo(10, 0);
    expect(found.trend.lo).toBeLessThan(found.trend.percentPerHour);
    expect(found.trend.hi).toBeGreaterThan(found.trend.percentPerHour);
  });

  it('is a step, at its minute', () => {
    const found = soak(minutesOf((minute) => (minute < 70 ? 3 : 3.08)))!;
    expect(found.course).toBe('steps');
    expect(found.steps).toHaveLength(1);
    expect(found.steps[0]!.minute).toBe(70);
    expect(found.steps[0]!.shift).toBeCloseTo(0.08, 2);
  });

  it('leaves minutes at another rate out, and names minutes by the clock all the same', () => {
    const burst = new Set([30, 31, 32, 33, 34, 35]);
    const found = soak(
      minutesOf((minute) => (burst.has(minute) ? 4 : minute < 70 ? 3 : 3.08)),
      burst,
    )!;
    expect(found.minutes).toBe(114);
    expect(found.steps.map(({ minute }) => minute)).toEqual([70]);
  });

  it('is not asked of a run of less than twenty minutes', () => {
    expect(soak(minutesOf(() => 3, 19))).toBeNull();
  });

  it('tells bursts of errors by minute', () => {
    const found = soak(
      minutesOf(
        () => 3,
        120,
        (minute) => (minute === 60 ? 9 : Number(minute % 40 === 0)),
      ),
    )!;
    expect(found.errorBursts).toEqual([{ minute: 60, errors: 9, expected: 3 / 119 }]);
  });
});

describe('minutes at another rate', () => {
  it('are those that a slot of an unusual rate touches', () => {
    const slot = (block: number, rate: number) => ({
      block,
      position: 0,
      variant: 'a',
      startMs: block * 60_000,
      measureMs: block * 60_000,
      endMs: block * 60_000 + 59_000,
      measuredMs: 59_000,
      rate,
    });
    expect(otherRateMinutes({ slots: [slot(0, 10), slot(1, 40), slot(2, 40), slot(3, 80)] })).toEqual(
      new Set([0, 3]),
    );
    expect(otherRateMinutes({ slots: [] })).toEqual(new Set());
  });
});

describe('error bursts', () => {
  it('are not seen in many errors that come evenly, however many', () => {
    expect(errorBursts(Array(60).fill(5000))).toEqual([]);
    expect(errorBursts([...Array(59).fill(5000), 9000]).map(({ index }) => index)).toEqual([59]);
  });

  it('need a minute to compare with', () => {
    expect(errorBursts([50])).toEqual([]);
  });
});

describe('memory growth', () => {
  const slots = (mb: (environment: number, slot: number) => number, environments = 8): SlotSamples[] =>
    Array.from({ length: 12 }, (_, slot) => ({
      ...({} as SlotSamples),
      startMs: slot * 600_000,
      environments: Array.from({ length: environments }, (_, i) => ({
        id: `environment-${i}`,
        initMs: null,
        firstCallMs: null,
        firstBilledMs: null,
        maxMemoryMb: mb(i, slot),
        invocations: 1,
      })),
    }));

  it('is a slope of each environment', () => {
    const found = memoryGrowth(slots((environment, slot) => 60 + environment + 0.5 * slot));
    expect(found).toMatchObject({ environments: 8, growing: 8 });
    expect(found.medianMbPerHour).toBeCloseTo(3, 9);
  });

  it('is none where memory stays, or rises at first only, and unknown where environments do not live', () => {
    expect(memoryGrowth(slots(() => 60))).toMatchObject({ growing: 0, medianMbPerHour: 0 });
    expect(memoryGrowth(slots((_, slot) => 60 + Math.min(slot, 2)))).toMatchObject({ growing: 0 });
    expect(memoryGrowth([])).toMatchObject({ environments: 0, medianMbPerHour: null });
  });
});

describe('MSER-5', () => {
  it('cuts nothing off what is too short to have a start', () => {
    expect(mser5([])).toBe(0);
    expect(mser5([9, 1, 1, 1, 1, 1])).toBe(0);
  });
});
