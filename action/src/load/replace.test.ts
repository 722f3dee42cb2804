import { afterEach, expect, it, vi } from 'vitest';
import { now } from '../clock.ts';
import type { Deployment } from '../cloud/cloud.ts';
import { profileNamed } from '../config/profiles.ts';
import type { Slot } from '../model.ts';
import { replaceOnSchedule } from './replace.ts';
import { schedule } from './schedule.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([-3_600_000, 3_600_000])(
  'replaces environments when their slots come, though the wall clock is set by %i ms meanwhile',
  async (stepMs) => {
    const replaced: number[] = [];
    const startMs = now();
    const deployment = {
      async freshEnvironments() {
        replaced.push(now() - startMs);
        const wall = Date.now();
        if (replaced.length === 1) vi.spyOn(Date, 'now').mockReturnValue(wall + stepMs);
      },
    } as unknown as Deployment;
    const slots = [0, 300].map(
      (ms, block): Slot => ({
        ...{ block, position: 0, variant: 'a', rate: 1 },
        ...{ startMs: ms, measureMs: ms + 100, endMs: ms + 300, measuredMs: 200 },
      }),
    );
    const replacing = { profile: profileNamed('smoke', 1), slots, deployment, guardMs: 300 };
    await replaceOnSchedule(replacing, startMs, [], new AbortController().signal);
    expect(replaced).toHaveLength(2);
    expect(replaced[1]).toBeGreaterThanOrEqual(300);
  },
);

it('ends the environments of all variants in the gap before a block, so that none inherits its own memory', async () => {
  const profile = { ...profileNamed('smoke', 3), blocks: 1 };
  const slots = schedule(profile, ['a', 'b', 'c'], 5, 1);
  const replaced: string[] = [];
  const startMs = now();
  const deployment = {
    async freshEnvironments(variant: string) {
      replaced.push(variant);
    },
  } as unknown as Deployment;
  await replaceOnSchedule(
    { profile, slots, deployment, guardMs: 300 },
    startMs,
    [],
    new AbortController().signal,
  );
  expect(replaced.sort()).toEqual(['a', 'b', 'c']);
  expect(now() - startMs).toBeLessThan(slots[1]!.startMs);
});
