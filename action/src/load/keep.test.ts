import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { InvocationWindow } from '../cloud/cloud.ts';
import { CollectError } from '../errors.ts';
import type { Invocation, Slot } from '../model.ts';
import { silent } from '../progress.ts';
import { Journal } from './journal.ts';
import { keepOnSchedule } from './keep.ts';
import type { Standing } from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-keep-test-'));
// A journal that nothing was written to is gone already.
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SLOTS = Array.from({ length: 24 }, (_, block): Slot => {
  const startMs = block * 300;
  const times = { startMs, measureMs: startMs, endMs: startMs + 300, measuredMs: 300 };
  return { block, position: 0, variant: 'a', ...times, rate: 1 };
});

function record(requestId: string, timeMs: number): Invocation {
  return {
    ...{ requestId, variant: 'a', environmentId: 'e', timeMs, status: 'success', errorType: null },
    ...{ durationMs: 1, billedDurationMs: 1, initDurationMs: null, memorySizeMb: 128, maxMemoryUsedMb: 40 },
    cpuMs: null,
  };
}

/** What is written down of a run with a record each 100 ms, of a platform that has each of them as late as it says. */
async function kept(
  lateMs: (nth: number) => number,
  fails: (reading: number) => boolean = () => false,
  slots: readonly Slot[] = SLOTS,
) {
  const startMs = Date.now();
  const all = Array.from({ length: 30 }, (_, nth) => record(`r${nth}`, startMs + nth * 100));
  let readings = 0;
  const invocations = async ({ fromMs, toMs }: InvocationWindow) => {
    if (fails(readings++)) throw new CollectError('The platform does not answer.', 'Ask again.');
    const isThere = (timeMs: number, nth: number) => timeMs + lateMs(nth) <= Date.now();
    return all.filter(({ timeMs }, nth) => timeMs >= fromMs && timeMs <= toMs && isThere(timeMs, nth));
  };
  using journal = new Journal(folder, 300);
  const keeping = { slots, startMs, deployment: { invocations }, journal, progress: silent };
  const standing = () => ({ slots, startMs }) as unknown as Standing;
  await keepOnSchedule({ ...keeping, standing }, new AbortController().signal);
  return { ids: Array.from(journal.invocations, ({ requestId }) => requestId), readings };
}

const EACH = Array.from({ length: 30 }, (_, nth) => `r${nth}`);

it('writes records down once each, those too that the platform handed in late', async () => {
  const { ids, readings } = await kept((nth) => (nth === 5 ? 2500 : 0));
  expect(readings).toBeGreaterThan(2);
  expect([...ids].sort()).toEqual([...EACH].sort());
  expect(ids.indexOf('r5')).toBeGreaterThan(ids.indexOf('r9'));
}, 30_000);

it('asks again for what a platform that did not answer owes', async () => {
  const { ids } = await kept(
    () => 0,
    (reading) => reading === 1,
  );
  expect([...ids].sort()).toEqual([...EACH].sort());
}, 30_000);

it('reads once between two blocks, however long they are, and never while one is measured', async () => {
  const slots = Array.from({ length: 8 }, (_, at): Slot => {
    const [block, position] = [Math.floor(at / 2), at % 2];
    const startMs = block * 700 + position * 100;
    const times = { startMs, measureMs: block * 700 + 200, endMs: block * 700 + 700, measuredMs: 250 };
    return { block, position, variant: 'ab'[position]!, ...times, rate: 1 };
  });
  const { readings } = await kept(
    () => 0,
    () => false,
    slots,
  );
  expect(readings).toBe(3);
}, 30_000);

it.each([
  ['answers', async () => [record('late', Date.now())]],
  ['fails', () => Promise.reject(new CollectError('The platform does not answer.', 'Ask again.'))],
])(
  'writes nothing down when the platform %s after the load was over',
  async (_, read) => {
    const over = new AbortController();
    const invocations = () => {
      over.abort(new Error('over'));
      return read();
    };
    using journal = new Journal(folder, 300);
    const standing = () => ({ slots: SLOTS, startMs: 0 }) as unknown as Standing;
    const keeping = { slots: SLOTS, startMs: Date.now(), deployment: { invocations }, journal, standing };
    await expect(keepOnSchedule({ ...keeping, progress: silent }, over.signal)).rejects.toThrow('over');
    expect([[...journal.invocations], existsSync(join(folder, 'load.json'))]).toEqual([[], false]);
  },
  30_000,
);
