import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scripted } from '../cloud/scripted.ts';
import { profileNamed } from '../config/profiles.ts';
import { LoadError } from '../errors.ts';
import type { Config, LoadRun, Shard } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { untilStart } from './barrier.ts';
import { Journal } from './journal.ts';
import { load } from './load.ts';

const workDir = mkdtempSync(join(tmpdir(), 'duel-barrier-test-'));
afterAll(() => rmSync(workDir, { recursive: true, force: true }));
const { signal } = new AbortController();

const { k6 } = await ensureTools(['k6'], {
  cacheDir: join(import.meta.dirname, '../../../.cache'),
  progress: silent,
});

/** One shard of a run of a block or two, as a machine of its own would send it. */
async function shardOf(shard: Shard, startAtMs: number): Promise<LoadRun> {
  await using deployment = await scripted({ a: { initMs: 5, durationMs: 2 } });
  const profile = { ...profileNamed('smoke', 1), blocks: 1, slotSeconds: 2.3, rate: 20 };
  const config = { variants: [{ name: 'a' }], profile, seed: 5, shard, startAtMs } as unknown as Config;
  using journal = new Journal(join(workDir, String(shard.index)));
  const run = await load(config, deployment, { k6, progress: silent, signal, workDir, journal, looks: null });
  return { ...run, samples: [...run.samples] };
}

const codes = ({ warnings }: LoadRun) => warnings.map(({ code }) => code);

it('lets shards that are ready at different times begin at the same moment', async () => {
  const startAtMs = Date.now() + 12_000;
  const runs = await Promise.all([1, 2].map((index) => shardOf({ index, count: 2 }, startAtMs)));
  for (const run of runs) {
    expect(codes(run)).not.toContain('started-late');
    expect(run.startMs).toBeGreaterThanOrEqual(startAtMs);
    expect(run.startMs).toBeLessThan(startAtMs + 1000);
    const first = Math.min(...[...run.samples].map(({ endMs }) => endMs));
    expect(first).toBeGreaterThanOrEqual(startAtMs);
  }
}, 60_000);

it('begins at once when the moment is over, and says by how much', async () => {
  const run = await shardOf({ index: 1, count: 2 }, Date.now() - 90_000);
  const late = run.warnings.find(({ code }) => code === 'started-late');
  expect(late?.data.seconds).toBeGreaterThanOrEqual(90);
  expect(late?.message).toMatch(/^The load was ready \d+ s after the moment it was to begin/);
  expect([...run.samples].length).toBeGreaterThan(0);
}, 60_000);

it('does not outwait a load generator that died', async () => {
  const finished = Promise.reject(new LoadError('k6 ended by signal SIGKILL.', ''));
  const waiting = untilStart({ startAtMs: Date.now() + 60_000, k6: { finished }, progress: silent, signal });
  await expect(waiting).rejects.toThrow('k6 ended by signal SIGKILL.');
});

it('is left when the run is interrupted', async () => {
  const interrupt = new AbortController();
  const finished = new Promise<void>(() => {});
  const barrier = { startAtMs: Date.now() + 60_000, k6: { finished }, progress: silent };
  const waiting = untilStart({ ...barrier, signal: interrupt.signal });
  interrupt.abort();
  await expect(waiting).rejects.toThrow(/abort/i);
});
