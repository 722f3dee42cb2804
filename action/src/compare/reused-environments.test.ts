import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { hodgesLehmannInterval, type Interval } from './hodges-lehmann.ts';
import { normalQuantile } from './normal.ts';
import { reusedEnvironments } from './reused-environments.ts';

const RUNS = 400;
const ALIKE = [0, 0];

/** Runs of 120 blocks, as a soak has, whose true difference is 0 and of which each remembers so much of its neighbour. */
function runsThatRemember(memory: number): number[][] {
  const random = xoroshiro128plus(20_261_130);
  const normal = () => normalQuantile(uniformFloat64(random));
  return Array.from({ length: RUNS }, () => {
    let last = normal();
    return Array.from({ length: 120 }, () => {
      last = memory * last + Math.sqrt(1 - memory ** 2) * normal();
      return last;
    });
  });
}

/** The share of intervals with the truth in them. */
function coverage(runs: readonly number[][], intervalOf: (run: number[]) => Interval): number {
  const held = runs.map(intervalOf).filter(({ lo, hi }) => lo! <= 0 && hi! >= 0);
  return held.length / runs.length;
}

describe('the interval of kept environments', () => {
  it.each([0, 0.2, 0.4, 0.6])(
    'holds the truth about as often as it says where blocks remember %f',
    (memory) => {
      const runs = runsThatRemember(memory);
      const share = coverage(runs, (run) => reusedEnvironments(run, ALIKE, ALIKE)!);
      expect(share).toBeGreaterThan(0.9);
      expect(share).toBeLessThan(0.985);
    },
  );

  it('would not, if blocks counted as independent', () => {
    expect(coverage(runsThatRemember(0.4), (run) => hodgesLehmannInterval(run, 0.95))).toBeLessThan(0.85);
  });

  it('is that of the blocks where they remember nothing, and environments are alike', () => {
    const alternating = Array.from(
      { length: 30 },
      (_, block) => (block % 2 === 0 ? 0.01 : -0.012) + block / 1e5,
    );
    const { lo, hi, inflation } = reusedEnvironments(alternating, ALIKE, ALIKE)!;
    const blocks = hodgesLehmannInterval(alternating, 0.95);
    expect(inflation).toBe(1);
    expect(hi! - lo!).toBeCloseTo(blocks.hi! - blocks.lo!, 12);
  });
});
