import { expect, it } from 'vitest';
import { GATES_OF_A_PAIR } from '../config/profiles.ts';
import { METRICS } from './metrics.ts';

it('are as many that decide as the fewest blocks of a run are reckoned with', () => {
  expect(METRICS.filter(({ family }) => family === 'gate')).toHaveLength(GATES_OF_A_PAIR);
});
