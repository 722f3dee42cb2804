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
  expect([1, 2, 3, 6].map((pairs) => profileNamed('smoke', 2, pairs).blocks)).toEqual([8, 9, 10, 11]);
});
