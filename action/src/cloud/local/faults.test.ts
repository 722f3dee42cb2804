import { expect, it } from 'vitest';
import { reported } from './faults.ts';

const told = (value: unknown) => reported('Runtime.Unknown', Buffer.from(JSON.stringify(value)));

it('takes a function at its word', () => {
  expect(told({ errorType: 'TypeError', errorMessage: 'no good' })).toEqual({
    errorType: 'TypeError',
    errorMessage: 'no good',
  });
});

it.each([[7], [null], [{}], [['a']]])(
  'keeps to words when a function names %j as the type of its error',
  (errorType) => {
    expect(told({ errorType, errorMessage: 'm' })).toEqual({
      errorType: 'Runtime.Unknown',
      errorMessage: 'm',
    });
  },
);

it.each([
  ['an account', JSON.stringify({ errorType: 'T'.repeat(10_000), errorMessage: 'm'.repeat(10_000) })],
  ['no account', 'x'.repeat(10_000)],
])('keeps no more than is worth keeping of %s of an error', (_, body) => {
  const { errorType, errorMessage } = reported('H'.repeat(10_000), Buffer.from(body));
  expect([errorType.length, errorMessage.length]).toEqual([200, 1000]);
});
