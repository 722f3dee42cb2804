import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { runOf, withDurations } from './fixture.ts';
import { hodgesLehmann, hodgesLehmannInterval } from './hodges-lehmann.ts';
import { signedRank } from './signed-rank.ts';

/** Log ratios as measurements give them: six digits, ties and zeros among them. */
const logRatios = fc.array(
  fc.oneof(
    fc.integer({ min: -200_000, max: 200_000 }).map((d) => d / 1e6),
    fc.integer({ min: -3, max: 3 }).map((d) => d / 100),
  ),
  { minLength: 1, maxLength: 30 },
);
const near = (a: number | null, b: number | null) =>
  a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9;

describe('the block statistics', () => {
  it('flip their sign and keep p when the arms are swapped', () => {
    fc.assert(
      fc.property(logRatios, (d) => {
        const swapped = d.map((x) => -x);
        const [a, b] = [hodgesLehmannInterval(d, 0.95), hodgesLehmannInterval(swapped, 0.95)];
        expect(near(hodgesLehmann(swapped), -hodgesLehmann(d))).toBe(true);
        expect(near(signedRank(swapped).p, signedRank(d).p)).toBe(true);
        expect(near(b.lo, a.hi === null ? null : -a.hi)).toBe(true);
      }),
    );
  });

  it('do not depend on the order of blocks', () => {
    const permuted = logRatios.chain((d) =>
      fc.tuple(fc.constant(d), fc.shuffledSubarray(d, { minLength: d.length })),
    );
    fc.assert(
      fc.property(permuted, ([d, other]) => {
        expect(near(hodgesLehmann(other), hodgesLehmann(d))).toBe(true);
        expect(near(signedRank(other).p, signedRank(d).p)).toBe(true);
        expect(hodgesLehmannInterval(other, 0.95)).toEqual(hodgesLehmannInterval(d, 0.95));
      }),
    );
  });

  it('put the estimate inside the interval', () => {
    fc.assert(
      fc.property(logRatios, (d) => {
        const { lo, hi } = hodgesLehmannInterval(d, 0.95);
        const estimate = hodgesLehmann(d);
        expect(lo === null ? hi === null : lo <= estimate && estimate <= hi!).toBe(true);
      }),
    );
  });

  it('never give a p below what is exact: 2 / 2^n of the blocks that differ, tied blocks or not', () => {
    fc.assert(
      fc.property(logRatios, fc.integer({ min: 1, max: 5 }), (d, tied) => {
        const more = [...d, ...Array<number>(tied).fill(0)];
        const differing = d.filter((x) => x !== 0).length;
        const least = Math.min(1, 2 / 2 ** differing);
        expect(signedRank(d).p).toBeGreaterThanOrEqual(least * (1 - 1e-9));
        expect(signedRank(more).p).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      }),
    );
  });

  it('are the brute-force test for small n: every assignment of signs counted', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (d) => {
        const { p, w } = signedRank(d);
        expect(p).toBeCloseTo(bruteForceP(d, w), 9);
      }),
    );
  });
});

/** Two-sided p by enumeration of all signs of the non-zero differences, ranks by Pratt. */
function bruteForceP(d: readonly number[], w: number): number {
  const rank = (x: number) =>
    (d.filter((y) => Math.abs(y) < Math.abs(x)).length +
      d.filter((y) => Math.abs(y) <= Math.abs(x)).length +
      1) /
    2;
  const ranks = d.filter((x) => x !== 0).map(rank);
  const sums = Array.from({ length: 2 ** ranks.length }, (_, signs) =>
    ranks.reduce((sum, r, i) => sum + ((signs >> i) & 1 ? r : 0), 0),
  );
  const share = (holds: (sum: number) => boolean) => sums.filter(holds).length / sums.length;
  return Math.min(
    1,
    2 *
      Math.min(
        share((sum) => sum >= w),
        share((sum) => sum <= w),
      ),
  );
}

const durations = fc.array(
  fc.array(
    fc.integer({ min: 1, max: 2000 }).map((ms) => ms / 10),
    { minLength: 20, maxLength: 24 },
  ),
  { minLength: 8, maxLength: 12 },
);
const decisions = (input: ReturnType<typeof runOf>) =>
  compare(input).pairs[0]!.comparisons.map(({ metric, p, pHolm, verdict, estimate }) => ({
    metric,
    p,
    pHolm,
    verdict,
    estimate,
  }));

describe('a whole comparison', () => {
  const run = (values: number[][], scale = 1) =>
    runOf({
      blocks: values.length / 2,
      headScale: scale,
      mend: (slot) =>
        withDurations(
          slot,
          values[2 * slot.block + Number(slot.variant === 'head')]!.map((ms) => ms * scale),
        ),
    });
  const even = durations.map((values) => [
    ...values,
    ...values.map((list) => [...list].reverse().map((ms) => ms * 1.5)),
  ]);

  it('does not change when both arms are scaled', () => {
    fc.assert(
      fc.property(even, fc.constantFrom(0.25, 3, 1000), (values, scale) => {
        const [before, after] = [run(values), run(values.map((list) => list.map((ms) => ms * scale)))].map(
          (input) => decisions(input).filter(({ metric }) => /^(duration|client|billed)/.test(metric)),
        );
        before!.forEach((one, i) => {
          expect(after![i]).toMatchObject({ verdict: one.verdict });
          expect(near(after![i]!.p, one.p)).toBe(true);
          expect(near(after![i]!.estimate, one.estimate)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('flips every estimate and keeps every p when base and head change places', () => {
    fc.assert(
      fc.property(even, (values) => {
        const input = run(values);
        const swapped = { ...input, config: { ...input.config, pairs: [{ base: 'head', head: 'base' }] } };
        const [before, after] = [decisions(input), decisions(swapped)];
        before.forEach((one, i) => {
          expect(near(after[i]!.p, one.p)).toBe(true);
          expect(near(after[i]!.estimate, one.estimate === null ? null : -one.estimate)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order in which slots are given', () => {
    fc.assert(
      fc.property(even, (values) => {
        const input = run(values);
        const reversed = { ...input, collected: { slots: [...input.collected.slots].reverse() } };
        expect(compare(reversed)).toEqual(compare(input));
      }),
      { numRuns: 20 },
    );
  });
});
