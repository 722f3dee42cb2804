import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFolder } from '../vectors.ts';
import { agrees } from './agreement.ts';
import { FUNCTIONS } from './functions.ts';

const FIXTURES = join(import.meta.dirname, '../../../test/fixtures/vectors');

describe('the statistics against reference data (scipy, statsmodels, brute force)', () => {
  it('agree in every case, and every function of the table is asked', async () => {
    const outcomes = await checkFolder(FIXTURES);
    expect(outcomes.filter((outcome) => outcome.kind === 'failed')).toEqual([]);
    const asked = new Set(
      outcomes.filter((outcome) => outcome.kind === 'passed').map((outcome) => outcome.name.split(' ')[1]),
    );
    expect(Object.keys(FUNCTIONS).filter((name) => !asked.has(name))).toEqual([]);
  });

  it('are refused when the folder holds none', async () => {
    await expect(checkFolder(import.meta.dirname)).rejects.toThrow(/no reference data/);
  });
});

describe('agreement', () => {
  it('is relative above one, absolute below, and by key', () => {
    expect(agrees(1000.5, 1000, 1e-3)).toBe(true);
    expect(agrees(1002, 1000, 1e-3)).toBe(false);
    expect(agrees({ lo: null, hi: 2, more: 1 }, { lo: null, hi: 2 }, 0)).toBe(true);
    expect(agrees([1, 2, 3], [1, 2], 0)).toBe(false);
    expect(agrees(Number.NaN, 1, 1)).toBe(false);
    expect(agrees(null, 1, 1)).toBe(false);
  });
});
