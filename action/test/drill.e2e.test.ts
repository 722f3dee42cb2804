import { resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FAULTS } from '../drill/faults/faults.ts';
import { openPlace } from '../drill/place.ts';
import { drill } from '../drill/runner.ts';
import { silent } from '../src/progress.ts';

const place = await openPlace(resolve(import.meta.dirname, '../..'), silent);
afterAll(() => place[Symbol.asyncDispose]());

/** The short drill; `npm run drill` does all of it. */
it.runIf(process.platform === 'linux').each(FAULTS.filter(({ short }) => short))(
  'a run to which this is done ends as it must: $name',
  { timeout: 300_000 },
  async (fault) => {
    expect((await drill(fault, place)).failures).toEqual([]);
  },
);
