import { describe, expect, it } from 'vitest';
import type { Sample, Slot } from '../model.ts';
import { Tally } from './tally.ts';

const SLOTS = [0, 60_000].map((startMs, block) => ({
  block,
  startMs,
  endMs: startMs + 60_000,
})) as unknown as Slot[];
const sample = (fields: Partial<Sample>) =>
  ({ variant: 'a', phase: 'measured', status: 200, clientMs: 4, ...fields }) as Sample;

describe('the progress line', () => {
  it('tells what is done, how fast, what failed, how slow and what is left', () => {
    const tally = new Tally();
    for (const clientMs of [3, 4, 90]) tally.add(sample({ clientMs }));
    tally.add(sample({ status: 502, phase: 'warm-up' }));
    expect(tally.line(SLOTS, 61_000)).toBe(
      '1 of 2 blocks · 1 min 01 s of 2 min 00 s · 4 requests, 0.1/s lately · 1 errors · p50 so far, ms: a 4.0 · 59 s left',
    );
  });

  it('tells the rate since the line before, and the latency so far', () => {
    const tally = new Tally();
    for (let i = 0; i < 21; i++) tally.add(sample({ clientMs: 1000 }));
    tally.line(SLOTS, 10_000);
    for (let i = 0; i < 20; i++) tally.add(sample({ clientMs: 2 }));
    expect(tally.line(SLOTS, 20_000)).toContain(
      '41 requests, 2.0/s lately · 0 errors · p50 so far, ms: a 1000.0',
    );
    for (let i = 0; i < 2; i++) tally.add(sample({ clientMs: 2 }));
    expect(tally.line(SLOTS, 30_000)).toContain('p50 so far, ms: a 2.0');
  });

  it('has no latency to tell of where no clock can have measured any', () => {
    const tally = new Tally();
    tally.add(sample({ clientMs: Number.NaN }));
    expect(tally.line(SLOTS, 10_000)).not.toMatch(/p50|NaN/);
  });
});
