import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { change, timesLess } from './change.ts';

const ln = Math.log;

describe('a change', () => {
  it('is a factor from 1.1x on, told as less or more and never with a sign', () => {
    expect(change(-ln(3.1), -ln(3.3), -ln(2.9))).toEqual({
      estimate: '3.1x less',
      interval: '2.9-3.3x less',
    });
    expect(change(ln(1.8), ln(1.7), ln(1.9))).toEqual({ estimate: '1.8x more', interval: '1.7-1.9x more' });
  });

  it('is a percentage of base below that', () => {
    expect(change(ln(1.023), ln(1.019), ln(1.027))).toEqual({
      estimate: '2.3 % more',
      interval: '1.9-2.7 % more',
    });
    expect(change(ln(0.977), ln(0.973), ln(0.981))).toEqual({
      estimate: '2.3 % less',
      interval: '1.9-2.7 % less',
    });
  });

  it('names both directions when the interval holds no difference', () => {
    expect(change(ln(1.01), ln(0.98), ln(1.04)).interval).toBe('2.0 % less to 4.0 % more');
    expect(change(ln(1.2), ln(0.8), ln(1.8)).interval).toBe('1.3x less to 1.8x more');
  });

  it('shows as many digits as its interval supports', () => {
    expect(change(-ln(3.104), -ln(3.12), -ln(3.09))).toEqual({
      estimate: '3.10x less',
      interval: '3.09-3.12x less',
    });
    expect(change(0, -ln(1.02), ln(1.02))).toEqual({
      estimate: 'the same',
      interval: '2.0 % less to 2.0 % more',
    });
  });

  it('says an interval that is a point once', () => {
    expect(change(ln(1 / 6.2), ln(1 / 6.2), ln(1 / 6.2)).interval).toBe('6.2x less');
    expect(change(0, 0, 0).interval).toBe('the same');
  });

  it('says so when the interval is unbounded or nothing is known', () => {
    expect(change(0.5, null, 1)).toEqual({ estimate: '1.6x more', interval: 'unbounded' });
    expect(change(null, null, null)).toEqual({ estimate: 'n/a', interval: 'n/a' });
  });

  it('is also told the other way round, as times less, for a claim that is worded so', () => {
    expect(timesLess(-ln(3.1), -ln(3.3), -ln(2.9))).toBe('3.1x (2.9-3.3)');
  });
});

it('shows no NaN, Infinity or undefined, whatever it is given', () => {
  const anything = fc.oneof(fc.double(), fc.constantFrom(null, undefined, 1e308, -1e308, 5e-324));
  fc.assert(
    fc.property(anything, anything, anything, (a, b, c) => {
      const { estimate, interval } = change(a, b, c);
      expect([estimate, interval, timesLess(a, b, c)].join(' ')).not.toMatch(/NaN|Infinity|undefined|null/);
    }),
    { numRuns: 2000 },
  );
});
