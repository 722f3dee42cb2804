import { expect, it } from 'vitest';
import { awsOnly } from './aws-only.ts';

it('variants without SnapStart run on the local cloud', () => {
  expect(awsOnly([{ name: 'a' }, { name: 'b', snapStart: false }])).toBeNull();
});

it('SnapStart is not left out in silence, and what to do is said', () => {
  const error = awsOnly([{ name: 'a' }, { name: 'quick', snapStart: true }]);
  expect(error?.message).toBe(
    'SnapStart (quick) exists on AWS only: the local cloud has no snapshots to restore.',
  );
  expect(error?.remedy).toBe('Run on AWS (--target aws), or choose other variants (--variants).');
});
