import { expect, it } from 'vitest';
import { result, variant } from '../../test/fixtures/result-builder.ts';
import { losses } from './run-line.ts';

it('counts requests that were lost, variant by variant', () => {
  const variants = [variant('python', 1, { errors: 1, dropped: 2 }), variant('rust', 1)];
  expect(losses(result(variants, []))).toEqual(['python: 1 error and 2 dropped of 6,240 requests']);
});
