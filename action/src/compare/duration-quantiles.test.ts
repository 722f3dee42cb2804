import { describe, expect, it } from 'vitest';
import { durationQuantiles } from './duration-quantiles.ts';

const at = (quantiles: ReturnType<typeof durationQuantiles>, share: number) =>
  quantiles.find((quantile) => quantile.share === share)?.ms;

describe('the distribution of Duration', () => {
  it('is ascending from the smallest to the largest, with every percentile that a report names', () => {
    // 0..1000 in an order that is not sorted: type 7 of share s is then 1000 s.
    const quantiles = durationQuantiles(Float64Array.from({ length: 1001 }, (_, i) => (i * 8) % 1001));
    for (const share of [0, 0.5, 0.9, 0.95, 0.99, 0.999, 1])
      expect(at(quantiles, share)).toBeCloseTo(1000 * share, 9);
    const values = quantiles.map(({ ms }) => ms);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(quantiles.length).toBeLessThan(40);
  });

  it('is empty when nothing was observed, and one value all over when one was', () => {
    expect(durationQuantiles(new Float64Array())).toEqual([]);
    expect(new Set(durationQuantiles([3.5]).map(({ ms }) => ms))).toEqual(new Set([3.5]));
  });
});
