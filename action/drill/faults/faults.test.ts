import { expect, it } from 'vitest';
import { TIMEOUT_SECONDS } from '../sandbox.ts';
import { FAULTS } from './faults.ts';

it('storage is frozen for longer than functions may take, so that some of them fail', () => {
  const found = FAULTS.flatMap(({ name }) => /^freeze (?:S3|DynamoDB) for (\d+) s$/.exec(name)?.[1] ?? []);
  expect(found).toHaveLength(2);
  for (const seconds of found) expect(Number(seconds)).toBeGreaterThan(TIMEOUT_SECONDS);
});
