import { describe, expect, it } from 'vitest';
import { chooseRate, type PilotMeasure, requestTimeout, timingFor, virtualUsers } from './rate.ts';

function pilot(variant: string, p50Ms: number, rest: Partial<PilotMeasure> = {}): PilotMeasure {
  return { variant, p50Ms, replaceMs: 10, coldMs: 100, openingMs: 200, ...rest };
}

describe('chooseRate', () => {
  it('keeps the slowest variant at a quarter of the cores', () => {
    const choice = chooseRate('auto', [pilot('fast', 2), pilot('slow', 20)], 2);
    expect(choice).toMatchObject({ rate: 25, by: 'pilot', pilotMs: { fast: 2, slow: 20 } });
    expect(choice.reason).toBe(
      '25/s: the slowest variant, slow, takes 20.0 ms (p50) and so keeps 25 % of 2 cores busy (limit 25 %)',
    );
  });

  it('stays between 5 and 50 a second and says that it did', () => {
    const quick = chooseRate('auto', [pilot('a', 0.5)], 4);
    expect([quick.rate, quick.reason.includes('50/s, the upper bound')]).toEqual([50, true]);
    const slow = chooseRate('auto', [pilot('a', 900)], 2);
    expect([slow.rate, slow.reason.includes('5/s, the lower bound')]).toEqual([5, true]);
  });

  it('takes a configured rate as it is', () => {
    expect(chooseRate(700, [pilot('a', 900)], 2)).toMatchObject({ rate: 700, by: 'config' });
  });
});

describe('timingFor', () => {
  it('is the usual timing for quick variants', () => {
    expect(timingFor([pilot('a', 1), pilot('b', 2)])).toEqual({ guardMs: 300, openingMs: 1000 });
  });

  it('gives all variants one and a half times what the slowest needed', () => {
    const pilots = [pilot('a', 1, { replaceMs: 4000 }), pilot('b', 2, { openingMs: 1500 })];
    expect(timingFor(pilots)).toEqual({ guardMs: 6000, openingMs: 2250 });
  });

  it('takes off the guard what functions that alternate have before it', () => {
    const pilots = [pilot('a', 1, { replaceMs: 4000 })];
    expect(timingFor(pilots, 3700).guardMs).toBe(2300);
    expect(timingFor(pilots, 10_000).guardMs).toBe(300);
  });
});

it('has virtual users for a stall of a second, of a quarter where environments are kept, or of four median latencies', () => {
  const users = (rate: number, p50Ms: number, freshEnvironments = true) =>
    virtualUsers(rate, [pilot('a', p50Ms)], { freshEnvironments });
  expect([users(50, 10), users(50, 1000), users(5, 10)]).toEqual([50, 200, 10]);
  expect([users(100, 10, false), users(100, 1000, false), users(5, 10, false)]).toEqual([25, 400, 10]);
});

it('gives a request three times the slowest cold start, and ten seconds at least', () => {
  expect(requestTimeout([pilot('a', 1)])).toBe(10);
  expect(requestTimeout([pilot('a', 1, { coldMs: 5200 })])).toBe(16);
});
