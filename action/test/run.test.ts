import { describe, expect, it } from 'vitest';
import { closingLine, outcomeOf } from './run.ts';

const moduleOf = (states: readonly string[], errors = 0) => ({
  children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
  errors: () => Array(errors).fill(new Error()),
});

describe('the outcome of all tests', () => {
  it('counts what was skipped as neither passed nor failed', () => {
    const outcome = outcomeOf([moduleOf(['passed', 'skipped']), moduleOf(['passed'])], 0);
    expect(closingLine(outcome)).toBe('2 passed, 0 failed, 1 skipped');
    expect(closingLine(outcomeOf([moduleOf(['passed'])], 0))).toBe('1 passed, 0 failed');
  });

  it('counts as failed what failed, what never ended, files that do not load, and errors that nobody waited for', () => {
    const modules = [moduleOf(['failed', 'pending', 'passed']), moduleOf([], 1)];
    expect(outcomeOf(modules, 2)).toEqual({ passed: 1, failed: 5, skipped: 0 });
  });
});
