import fc from 'fast-check';
import { quantile } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { Histogram, RELATIVE_ERROR } from './histogram.ts';

const SHARES = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];
/** From a nanosecond to eleven days, as likely in each power of ten. */
const amounts = fc.array(
  fc.double({ min: -6, max: 9, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 1, maxLength: 300 },
);

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** Rounding of the last digit, beside the error that is promised. */
const BOUND = RELATIVE_ERROR * (1 + 1e-9);

describe('a histogram', () => {
  it('tells every quantile within a thousandth of the exact one, whatever the values', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const exact = quantile(values, SHARES) as number[];
        const told = histogramOf(values).quantiles(SHARES);
        for (const [at, value] of told.entries())
          expect(Math.abs(value - exact[at]!)).toBeLessThanOrEqual(BOUND * exact[at]!);
      }),
    );
    expect(RELATIVE_ERROR).toBeLessThan(0.001);
  });

  it('is exact in count, sum, least and greatest', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const histogram = histogramOf(values);
        expect(histogram.length).toBe(values.length);
        expect(histogram.sum).toBe(values.reduce((total, value) => total + value, 0));
        expect(histogram.quantiles([0, 1])).toEqual([Math.min(...values), Math.max(...values)]);
      }),
    );
  });

  it('is the same whether values came together or were merged', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 4 }), (parts) => {
        const [first, ...others] = parts.map(histogramOf);
        const merged = first!.mergedWith(others);
        const whole = histogramOf(parts.flat());
        expect(merged.quantiles(SHARES)).toEqual(whole.quantiles(SHARES));
        expect(merged.length).toBe(whole.length);
        expect(merged.sum).toBeCloseTo(whole.sum, -Math.log10(whole.sum) + 9);
      }),
    );
  });

  it('gives its values back in order, each as well as it is known', () => {
    fc.assert(
      fc.property(amounts, (values) => {
        const exact = Float64Array.from(values).sort();
        const told = histogramOf(values).ascending();
        expect(told).toHaveLength(exact.length);
        for (const [at, value] of told.entries())
          expect(Math.abs(value - exact[at]!)).toBeLessThanOrEqual(BOUND * exact[at]!);
      }),
    );
  });

  it('takes zero, and nothing that is no amount', () => {
    const histogram = histogramOf([0, 0, 0, 5, Number.NaN, -1, Number.POSITIVE_INFINITY, 1e-9, 1e10]);
    expect(histogram.quantiles([0, 0.5, 1])).toEqual([0, 0, 5]);
    expect([histogram.length, histogram.sum, histogram.rejected]).toEqual([4, 5, 5]);
    expect([...histogram.ascending()]).toEqual([0, 0, 0, 5]);
  });

  it('holds no more for ten million values than for ten thousand', () => {
    const histogram = new Histogram();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 10_000_000; i++) histogram.add(1 + (i % 9973) / 10);
    expect(histogram.length).toBe(10_000_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
    expect(histogram.quantiles([0.5])[0]).toBeCloseTo(499.6, 0);
  });
});
