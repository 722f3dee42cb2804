import { expect, it } from 'vitest';
import { LoadError } from '../errors.ts';
import { LONGEST_STREAK, Streaks } from './streak.ts';

function after(statuses: readonly number[]) {
  const streaks = new Streaks();
  return () => {
    for (const status of statuses) {
      streaks.add({ variant: 'good', status: 200 });
      streaks.add({ variant: 'bad', status });
    }
  };
}

const failures = (count: number, status = 502) => Array.from({ length: count }, () => status);

it('ends a load when a variant has answered with nothing but errors for long', () => {
  expect(after(failures(LONGEST_STREAK))).toThrow(LoadError);
  expect(after(failures(LONGEST_STREAK))).toThrow(/500 requests to variant "bad" all failed \(HTTP 502\)/);
  expect(after(failures(LONGEST_STREAK, 0))).toThrow(/\(no response\)/);
});

it('bears with one that succeeds now and then', () => {
  expect(after([...failures(LONGEST_STREAK - 1), 200, ...failures(LONGEST_STREAK - 1)])).not.toThrow();
});
