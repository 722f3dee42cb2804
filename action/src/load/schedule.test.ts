import { describe, expect, it } from 'vitest';
import { profileNamed } from '../config/profiles.ts';
import { multiplierAt, roundsIn, schedule, turnsOf, windowOf } from './schedule.ts';

const VARIANTS = ['a', 'b', 'c'];
const USUAL_OPENING_MS = 1300;

describe('schedule', () => {
  const smoke = profileNamed('smoke', 3);

  it('gives every variant one slot in every block', () => {
    const slots = schedule(smoke, VARIANTS, 50, 1);
    expect(slots).toHaveLength(smoke.blocks * 3);
    for (let block = 0; block < smoke.blocks; block++) {
      const inBlock = slots.filter((slot) => slot.block === block);
      expect(inBlock.map((slot) => slot.variant).sort()).toEqual(VARIANTS);
      expect(inBlock.map((slot) => slot.position)).toEqual([0, 1, 2]);
    }
  });

  it('is the same for the same seed and another for another', () => {
    const order = (seed: number) =>
      schedule(smoke, VARIANTS, 50, seed)
        .map((slot) => slot.variant)
        .join('');
    expect(order(42)).toBe(order(42));
    expect(new Set([1, 2, 3, 4, 5].map(order)).size).toBe(5);
  });

  it('puts every order of a block first equally often', () => {
    const counts = new Map<string, number>();
    const long = { ...smoke, blocks: 6000 };
    const slots = schedule(long, VARIANTS, 50, 9);
    for (let at = 0; at < slots.length; at += 3) {
      const order = slots
        .slice(at, at + 3)
        .map((slot) => slot.variant)
        .join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // 1000 expected; 5 standard deviations of a binomial are 144.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(144);
  });

  it('leaves neither gap nor overlap between openings and blocks, and lasts as long as the profile says', () => {
    const slots = schedule(smoke, VARIANTS, 50, 1);
    for (const [at, slot] of slots.entries()) {
      const before = slots[at - 1];
      expect(slot.startMs).toBe(
        slot.position > 0 ? before!.startMs + USUAL_OPENING_MS : (before?.endMs ?? 0),
      );
    }
    expect(slots.at(-1)!.endMs).toBe(smoke.blocks * 3 * smoke.slotSeconds * 1000);
  });

  it('makes blocks longer, not windows shorter, when variants start slowly', () => {
    const usual = schedule(smoke, VARIANTS, 50, 1);
    const slow = schedule(smoke, VARIANTS, 50, 1, { guardMs: 500, openingMs: 3000 });
    expect(new Set([...usual, ...slow].map(({ measuredMs }) => measuredMs))).toEqual(
      new Set([windowOf(smoke)]),
    );
    expect(slow[0]!.measureMs).toBe(3 * 3500);
    expect(slow[1]!.startMs - usual[1]!.startMs).toBe(2200);
  });

  it('opens only the first block of a soak, whose blocks last a minute whatever the number of variants', () => {
    for (const count of [2, 3]) {
      const slots = schedule(profileNamed('soak', count), VARIANTS.slice(0, count), 50, 1);
      const openings = slots.map((slot) => (slot.measureMs - slot.startMs) / (count - slot.position));
      expect(openings.slice(0, count)).toEqual(Array(count).fill(USUAL_OPENING_MS));
      expect(new Set(openings.slice(count))).toEqual(new Set([300]));
      expect(slots[2 * count]!.startMs - slots[count]!.startMs).toBe(60_000);
    }
  });

  it('sends the stages’ rate, never less than one a second', () => {
    const soak = schedule(profileNamed('soak', 2), ['a', 'b'], 40, 1);
    const rates = soak.filter((slot) => slot.position === 0).map((slot) => slot.rate);
    expect(rates[0]).toBe(7); // 40 x (0.5/120) / 0.025, rounded
    expect(rates.slice(3, 60)).toEqual(Array(57).fill(40));
    expect(rates.slice(60, 72)).toEqual(Array(12).fill(80));
    expect(rates.slice(72)).toEqual(Array(48).fill(40));
    expect(schedule(profileNamed('soak', 2), ['a', 'b'], 5, 1)[0]!.rate).toBe(1);
  });
});

describe('turnsOf', () => {
  const slots = schedule(profileNamed('pr', 3), VARIANTS, 50, 1);
  const inTurn = slots
    .slice(3, 6)
    .flatMap((slot) => turnsOf(slot).map((turn) => ({ ...turn, position: slot.position })))
    .sort((a, b) => a.startMs - b.startMs);

  it('has one variant of a block measured at a time, in the block’s order and back again', () => {
    const rounds = [0, 1, 2, 2, 1, 0];
    expect(inTurn.map(({ position }) => position)).toEqual([...rounds, ...rounds, ...rounds, ...rounds]);
    const { measureMs, endMs } = slots[3]!;
    const edges = inTurn.map(({ startMs }, nth) => [startMs, inTurn[nth - 1]?.endMs ?? measureMs]);
    for (const [start, end] of edges) expect(start).toBe(end);
    expect(inTurn.at(-1)!.endMs).toBe(endMs);
  });

  it('measures each for its whole window, at the same time on average: drift within a block cancels out', () => {
    for (const slot of slots) {
      const turns = turnsOf(slot);
      expect(turns.reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0)).toBeCloseTo(3700, 6);
      const middle = turns.reduce((ms, { startMs, endMs }) => ms + (startMs + endMs) / 2, 0) / turns.length;
      expect(middle).toBeCloseTo((slot.measureMs + slot.endMs) / 2, 6);
    }
  });

  it.each([
    [200, 1],
    [799, 1],
    [800, 2],
    [1300, 2],
    [3700, 8],
    [2500, 6],
    [14_700, 8],
    [60_000, 30],
  ])('makes of a window of %i ms %i turns', (windowMs, rounds) => expect(roundsIn(windowMs)).toBe(rounds));
});

describe('multiplierAt', () => {
  const stages = [
    { share: 0.5, rate: 1, shape: 'ramp' },
    { share: 0.25, rate: 3, shape: 'hold' },
    { share: 0.25, rate: 1, shape: 'ramp' },
  ] as const;

  it('ramps from the rate before, from nothing at first, and jumps to a hold', () => {
    expect([0, 0.25, 0.5, 0.74, 0.75, 0.875, 1].map((share) => multiplierAt(share, stages))).toEqual([
      0, 0.5, 3, 3, 3, 2, 1,
    ]);
  });
});

it('gives neighbouring small seeds orders of their own, for people type those', () => {
  const profile = profileNamed('smoke', 2);
  const firsts = Array.from({ length: 64 }, (_, seed) =>
    schedule(profile, ['a', 'b'], 5, seed)
      .filter(({ position }) => position === 0)
      .map(({ variant }) => variant),
  );
  const alike = firsts.filter(([first, second]) => first === second).length;
  expect(alike).toBeGreaterThan(20);
  expect(alike).toBeLessThan(44);
  expect(new Set(firsts.map((order) => order.join(''))).size).toBeGreaterThan(48);
});
