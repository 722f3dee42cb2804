import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as units from './units.ts';

const {
  change,
  count,
  factor,
  given,
  inOneUnit,
  measured,
  moment,
  percent,
  plural,
  points,
  pValue,
  timesLess,
  wallTime,
} = units;
const ln = Math.log;

describe('a measured number', () => {
  it.each([
    [6.2749, '6.27'],
    [5, '5.00'],
    [12345.6, '12,346'],
    [999.6, '1,000'],
    [0.00012349, '0.000123'],
    [0, '0'],
    [-0, '0'],
    [-1.5, '-1.50'],
    [1e-9, '1.00e-9'],
    [4e15, '4.00e+15'],
  ])('%d is shown with three digits as %s', (value, shown) => {
    expect(measured(value)).toBe(shown);
  });

  it('is n/a when it is unknown or not a number', () => {
    expect([null, undefined, Number.NaN, Number.POSITIVE_INFINITY].map(measured)).toEqual(
      Array(4).fill('n/a'),
    );
  });
});

describe('counts, shares and times', () => {
  it('shows counts in full and nouns in their number', () => {
    expect([count(1234567), plural(1, 'block'), plural(30, 'block'), plural(0, 'block')]).toEqual([
      '1,234,567',
      '1 block',
      '30 blocks',
      '0 blocks',
    ]);
  });

  it('shows what was chosen without digits nobody chose', () => {
    expect([given(5), given(0.02), given(0.0200001 * 100)]).toEqual(['5', '0.02', '2.00001']);
  });

  it('shows fractions as percentages and their differences as points with a sign', () => {
    expect([percent(0.0125), points(0.0012), points(-0.003)]).toEqual(['1.25 %', '+0.120', '-0.300']);
  });

  it('never shows a p of zero', () => {
    expect([pValue(0), pValue(1.9e-9), pValue(0.00123), pValue(0.0499), pValue(0.344), pValue(1)]).toEqual([
      '<0.0001',
      '<0.0001',
      '0.0012',
      '0.050',
      '0.34',
      '1.00',
    ]);
  });

  it('shows wall times in the unit a person would use', () => {
    expect([wallTime(45), wallTime(306.4), wallTime(7200)]).toEqual(['45.0 s', '5.1 min', '2.0 h']);
  });

  it('shows an instant without its milliseconds, and what is none as it stands', () => {
    expect([moment('2026-11-20T12:34:56.789Z'), moment('yesterday')]).toEqual([
      '2026-11-20 12:34:56 UTC',
      'yesterday',
    ]);
  });
});

describe('a column', () => {
  it('has one unit, that of its largest value', () => {
    expect(inOneUnit('bytes', [4_321_000, 39_000_000, null])).toEqual({
      unit: 'MB',
      cells: ['4.32', '39.0', 'n/a'],
    });
    expect(inOneUnit('bytes', [12, 999])).toEqual({ unit: 'B', cells: ['12.0', '999'] });
    expect(inOneUnit('ms', [350, 12_000])).toEqual({ unit: 's', cells: ['0.350', '12.0'] });
  });
});

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
    expect([factor(3.14), factor(1.137), factor(23.4)]).toEqual(['3.1x', '1.14x', '23x']);
  });
});

it('never shows NaN, Infinity or undefined, whatever it is given', () => {
  const anything = fc.oneof(fc.double(), fc.constantFrom(null, undefined, 1e308, -1e308, 5e-324));
  fc.assert(
    fc.property(anything, anything, anything, (a, b, c) => {
      const numbers = [
        measured,
        count,
        given,
        percent,
        units.givenPercent,
        pValue,
        units.share,
        factor,
        wallTime,
        points,
      ].map((show) => show(a));
      const { estimate, interval } = change(a, b, c);
      const shown = [...numbers, estimate, interval, timesLess(a, b, c), ...inOneUnit('ms', [a, b, c]).cells];
      expect(shown.join(' ')).not.toMatch(/NaN|Infinity|undefined|null/);
    }),
    { numRuns: 2000 },
  );
});
