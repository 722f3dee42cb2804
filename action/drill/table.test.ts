import { describe, expect, it } from 'vitest';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults/faults.ts';
import type { Outcome } from './runner.ts';
import { closingLine, failuresOf, tableOf } from './table.ts';

const fault = { name: 'kill k6', stage: 'load' } as Fault;
const GOOD: Outcome = {
  ...{ fault, skipped: null, exit: 1, seen: 'LoadError: k6 | ended.', requests: '', written: 'none' },
  ...{ left: 'nothing', seconds: 9, failures: [] },
};
const BAD: Outcome = { ...GOOD, written: 'whole', failures: ['ended with 1 and result whole'] };
const SKIPPED: Outcome = { ...GOOD, exit: null, skipped: 'not root' };

describe('the table of a drill', () => {
  it('has a row a fault, which says whether all was as it must be', () => {
    const [, , ...rows] = tableOf([GOOD, BAD, SKIPPED]).split('\n');
    expect(rows.map((row) => row.split('|')[1]?.trim())).toEqual(['ok', '**FAILED**', 'not made']);
    expect(rows[0]).toContain('k6 \\| ended.');
  });

  it('counts what passed, what failed and what was not made', () => {
    expect(closingLine([GOOD, BAD, SKIPPED])).toBe('3 faults: 1 as they must be, 1 failed, 1 not made');
    expect(failuresOf([GOOD, BAD])).toBe('kill k6:\n  - ended with 1 and result whole\n');
  });
});

describe('the faults', () => {
  it('have names of their own, and strike in every stage', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    expect(new Set(FAULTS.map(({ stage }) => stage))).toEqual(
      new Set(['build', 'deploy', 'load', 'collect', 'report']),
    );
  });

  it('of the short drill need neither AWS nor root', () => {
    const short = FAULTS.filter((each) => each.short);
    expect(short.length).toBeGreaterThan(3);
    expect(short.filter(({ ground, impossible }) => ground?.aws || impossible)).toEqual([]);
  });
});
