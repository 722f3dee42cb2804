import { describe, expect, it } from 'vitest';
import { sweep } from '../../../test/fixtures/sweep.ts';
import type { Result, Sweep } from '../../result.ts';
import { sweepSection } from './sweep.ts';

const CELLS = ['a', 'b', 'c'].map((name, index) => ({
  ...{ name, memoryMb: 512 * (index + 1), architecture: 'x86_64', durationMs: 4, billUsd: 6, beatenBy: null },
}));
const standing = (cell: string, level: string[]) => ({ cell, level, beaten: [], undecided: [] });
const text = (change: Partial<Sweep>, more: Partial<Result> = {}) => {
  const swept = {
    variant: 'fn',
    cells: CELLS,
    fastest: standing('a', ['b', 'c']),
    cheapest: standing('a', ['b', 'c']),
  };
  return sweepSection({ ...sweep(), sweeps: [{ ...swept, ...change }], ...more }).join('\n');
};

describe('the recommendation of a sweep', () => {
  it('names the cells that are level with the best in both', () => {
    expect(text({})).toContain(
      'Recommendation, by warm calls: a, b and c; none is faster and none is cheaper.',
    );
  });

  it('leaves out a cell that another has a verdict over, though both are level with the first', () => {
    const cells = CELLS.map((cell) => (cell.name === 'c' ? { ...cell, beatenBy: 'b' } : cell));
    expect(text({ cells })).toContain('Recommendation, by warm calls: a and b; none');
    expect(text({ cells, cheapest: standing('c', []), fastest: standing('a', []) })).toContain(
      'a where speed counts, c where cost counts',
    );
  });

  it('does not ask for more blocks where no number of them would give a bill', () => {
    const without = text({ cheapest: null });
    expect(without).toContain('The cheapest cell is unknown: for want of prices there is no bill.');
    expect(without).toContain('No recommendation: it takes Duration and bill of the cells.');
    expect(without).not.toContain('More blocks');
  });
});

describe('a sweep of cold starts alone', () => {
  it('speaks of no speed and no cost, and has no empty columns', () => {
    const { pairs } = sweep();
    const onlyCold = pairs.map((pair) => ({
      ...pair,
      comparisons: pair.comparisons.filter(({ metric }) => metric === 'cold.total'),
    }));
    const cells = CELLS.map((cell) => ({ ...cell, durationMs: null, billUsd: null }));
    const cold = text({ cells, fastest: null, cheapest: null }, { pairs: onlyCold });
    expect(cold).toContain('Cold start');
    expect(cold).not.toMatch(/unknown|ecommendation|Duration p50|Pareto|bill/);
  });

  it('shows the starts of a function that is swept by itself', () => {
    const cells = ['python-512', 'python-1769'].map((name) => ({
      ...CELLS[0]!,
      name,
      durationMs: null,
      billUsd: null,
    }));
    const cold = text({ cells, fastest: null, cheapest: null }, { pairs: [] });
    expect(cold).toMatch(/### fn: cold starts\n+\| Cell +\| Cold start p50, ms \|/);
    expect(cold).toMatch(/\| python-512 +\| +\d/);
  });
});
