import { describe, expect, it } from 'vitest';
import type { SlotSamples } from '../model.ts';
import { type CompareInput, compare } from './compare.ts';
import { comparisonOf, runOf } from './fixture.ts';

/** The first `starts` environments of each variant were billed a cold start, in turn long and short of its mean. */
function withColdStarts(starts: number, spread: number) {
  return ({ block, ...slot }: SlotSamples): SlotSamples => ({
    ...{ ...slot, block },
    environments: slot.environments.map((environment) => ({
      ...environment,
      firstBilledMs: block < starts ? 600 * (1 + (block % 2 === 0 ? spread : -spread)) : null,
    })),
  });
}

const bill = (starts: number, spread: number, more: Partial<CompareInput['config']> = {}) => {
  const input = runOf({ blocks: 30, headScale: 0.9, mend: withColdStarts(starts, spread) });
  return comparisonOf({ ...input, config: { ...input.config, ...more } }, 'cost.total');
};
const widthOf = ({ lo, hi }: { lo: number | null; hi: number | null }) => hi! - lo!;

describe('the interval of a bill', () => {
  it('is that of the blocks where all cold starts were billed alike, or none counts', () => {
    const alike = bill(4, 0);
    expect(bill(30, 0)).toMatchObject({ lo: alike.lo, hi: alike.hi, p: alike.p });
    const none = bill(4, 0.5, { coldShare: 0 });
    expect(bill(4, 0, { coldShare: 0 })).toMatchObject({ lo: none.lo, hi: none.hi, p: none.p });
  });

  it('is wider the more cold starts differ and the fewer there were, and its estimate stays', () => {
    const [alike, few, many] = [bill(4, 0), bill(4, 0.2), bill(30, 0.2)];
    expect(few.estimate).toBeCloseTo(alike.estimate!, 12);
    expect(widthOf(few)).toBeGreaterThan(widthOf(many));
    expect(widthOf(many)).toBeGreaterThan(widthOf(alike));
    expect(few.p).toBeGreaterThan(alike.p!);
  });

  it("has Welch's half-width over the bills that the cold starts would make, in quadrature", () => {
    const [alike, few] = [bill(4, 0), bill(4, 0.2)];
    const [variant] = compare(runOf({ blocks: 30, headScale: 0.9, mend: withColdStarts(4, 0.2) })).variants;
    const { total, init } = variant!.cost!.perMillion;
    // Four bills, two above and two below by a fifth of the cold starts' own part, in each arm; six degrees of freedom.
    const error = Math.sqrt((2 * (0.2 * (init! / total) * Math.sqrt(4 / 3)) ** 2) / 4);
    const half = Math.sqrt((widthOf(few) / 2) ** 2 - (widthOf(alike) / 2) ** 2);
    expect(half / (2.447 * error)).toBeGreaterThan(0.95);
    expect(half / (2.447 * error)).toBeLessThan(1.1);
  });

  it('is unknown where a single cold start stands for all', () => {
    expect(bill(1, 0.2)).toMatchObject({ lo: null, hi: null, p: null, verdict: 'insufficient data' });
  });

  it('is that of the blocks where no cold start was billed', () => {
    expect(bill(0, 0).lo).not.toBeNull();
  });
});
