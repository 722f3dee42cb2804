import { expect, it } from 'vitest';
import { fewestBlocks, profileNamed } from './profiles.ts';

it.each([1, 4, 5, 6, 10, 15, 40])(
  'needs as many blocks as make %i metrics significant, and no more',
  (gates) => {
    const smallest = (blocks: number) => (gates * 2) / 2 ** blocks;
    expect(smallest(fewestBlocks(gates))).toBeLessThanOrEqual(0.05);
    expect(smallest(fewestBlocks(gates) - 1)).toBeGreaterThan(0.05);
  },
);

it('has a smoke run just long enough to call a difference, however many pairs there are', () => {
  expect([1, 2, 3, 4, 7].map((variants) => profileNamed('smoke', variants).blocks)).toEqual([
    8, 8, 9, 10, 11,
  ]);
  expect(profileNamed('smoke', 2, 3).blocks).toBe(10);
});
