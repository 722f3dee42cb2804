import { describe, expect, it } from 'vitest';
import type { EnvironmentSample, SlotSamples } from '../model.ts';
import { coldStarts } from './cold.ts';

function slots(environments: readonly Partial<EnvironmentSample>[]): SlotSamples[] {
  const unknown = { initMs: null, firstCallMs: null, firstBilledMs: null, maxMemoryMb: null, invocations: 1 };
  const whole = environments.map((environment, i) => ({ id: `${i}`, ...unknown, ...environment }));
  return [{ environments: whole } as unknown as SlotSamples];
}

describe('cold starts', () => {
  it('are kept in their order, those of environments started in the run only', () => {
    const { n, starts } = coldStarts(
      slots([{ initMs: 30, firstCallMs: 5 }, { firstCallMs: 1 }, { initMs: 10 }]),
    );
    expect(n).toBe(2);
    expect(starts).toEqual([
      { initMs: 30, firstCallMs: 5 },
      { initMs: 10, firstCallMs: null },
    ]);
  });

  it('are thinned evenly when there are thousands, and still counted in full', () => {
    const {
      n,
      starts = [],
      initMs,
    } = coldStarts(slots(Array.from({ length: 5000 }, (_, i) => ({ initMs: i, firstCallMs: 1 }))));
    expect([n, starts.length, initMs?.max]).toEqual([5000, 250, 4999]);
    const kept = starts.map((start) => start.initMs);
    expect([kept[0], kept.at(-1)]).toEqual([0, 4999]);
    const gaps = kept.slice(1).map((value, i) => value - kept[i]!);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });
});
