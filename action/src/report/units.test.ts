import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  factor,
  given,
  givenPercent,
  inOneUnit,
  measured,
  moment,
  percent,
  plural,
  points,
  pValue,
  share,
  wallTime,
} from './units.ts';

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

  it('shows a share that is nearly none as no zero', () => {
    expect([0, 0.0042, 0.53, -0.001].map(share)).toEqual(['0.00', '<0.01', '0.53', '0.00']);
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

describe('a factor', () => {
  it('has the digits that its size asks for', () => {
    expect([factor(3.14), factor(1.137), factor(23.4)]).toEqual(['3.1x', '1.14x', '23x']);
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
    expect(inOneUnit('MB', [9, 56.5, 1769])).toEqual({ unit: 'MB', cells: ['9', '56.5', '1,769'] });
  });
});

it('never shows NaN, Infinity or undefined, whatever it is given', () => {
  const anything = fc.oneof(fc.double(), fc.constantFrom(null, undefined, 1e308, -1e308, 5e-324));
  const formats = [measured, count, given, percent, givenPercent, pValue, share, factor, wallTime, points];
  fc.assert(
    fc.property(anything, anything, anything, (a, b, c) => {
      const shown = [...formats.map((show) => show(a)), ...inOneUnit('ms', [a, b, c]).cells];
      expect(shown.join(' ')).not.toMatch(/NaN|Infinity|undefined|null/);
    }),
    { numRuns: 2000 },
  );
});
