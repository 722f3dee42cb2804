import { expect, it } from 'vitest';
import { awsOnly } from './aws-only.ts';

const ARCHITECTURE = 'x86_64';

it('variants without SnapStart run on the local cloud', () => {
  const [a, b] = [
    { name: 'a', architecture: ARCHITECTURE } as const,
    { name: 'b', architecture: 'arm64' } as const,
  ];
  expect(awsOnly([a, { ...b, snapStart: false }])).toBeNull();
});

it('a sweep over memory runs on the local cloud, one over architectures does not', () => {
  const cell = (name: string, architecture: 'x86_64' | 'arm64') => ({ name, cellOf: 'fn', architecture });
  expect(awsOnly([cell('fn-512', 'arm64'), cell('fn-1024', 'arm64')])).toBeNull();
  const error = awsOnly([cell('fn-x86-64', 'x86_64'), cell('fn-arm64', 'arm64')]);
  expect(error?.message).toContain('The matrix sweeps fn over x86_64 and arm64');
  expect(error?.remedy).toBe('Leave architecture out of the matrix, or run on AWS (--target aws).');
});

it('SnapStart is not left out in silence, and what to do is said', () => {
  const error = awsOnly([
    { name: 'a', architecture: ARCHITECTURE },
    { name: 'quick', architecture: ARCHITECTURE, snapStart: true },
  ]);
  expect(error?.message).toBe(
    'SnapStart (quick) exists on AWS only: the local cloud has no snapshots to restore.',
  );
  expect(error?.remedy).toBe('Run on AWS (--target aws), or choose other variants (--variants).');
});
