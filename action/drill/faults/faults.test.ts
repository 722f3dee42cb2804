import { expect, it } from 'vitest';
import type { Ending } from '../fault.ts';
import { TIMEOUT_SECONDS } from '../sandbox.ts';
import { FAULTS } from './faults.ts';

it('storage is frozen for longer than functions may take, so that some of them fail', () => {
  const found = FAULTS.flatMap(({ name }) => /^freeze (?:S3|DynamoDB) for (\d+) s$/.exec(name)?.[1] ?? []);
  expect(found).toHaveLength(2);
  for (const seconds of found) expect(Number(seconds)).toBeGreaterThan(TIMEOUT_SECONDS);
});

const expected = (name: string) => FAULTS.find((fault) => fault.name === name)!.expected;

it.each(['when the load is over', 'when the report is written'])(
  'a run that is to be killed %s may have ended before the signal came',
  (words) => {
    const { endings } = expected(`SIGKILL ${words}`);
    const wanted: Ending[] = [
      { exit: 'SIGKILL', result: 'none' },
      { exit: 'SIGKILL', result: 'unrendered' },
      { exit: 'SIGKILL', result: 'whole' },
      { exit: 0, result: 'whole' },
      { exit: 3, result: 'whole' },
    ];
    expect(endings).toEqual(expect.arrayContaining(wanted));
    expect(endings).toHaveLength(wanted.length);
  },
);

it.each([
  'DeployError: AWS did not answer lambda:GetFunctionConfiguration',
  'CollectError: AWS did not answer logs:FilterLogEvents',
])('a run whose every call is a 503 ends at the next one that it makes: %s', (words) => {
  const told = `${words} in 8 tries (HTTP 503, ServiceUnavailable: Please try again.).`;
  expect(told).toMatch(expected('every call of an API is a 503').says);
});
