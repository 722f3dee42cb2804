import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scripted } from '../cloud/scripted.ts';
import { collect, recordsOf } from '../collect/collect.ts';
import { compare } from '../compare/compare.ts';
import { variantNamed } from '../compare/fixture.ts';
import { profileNamed } from '../config/profiles.ts';
import type { Config } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { Journal } from './journal.ts';
import { load } from './load.ts';
import { GET_ROOT } from './request.ts';
import { k6Options } from './scenarios.ts';
import { schedule, USUAL_TIMING } from './schedule.ts';

const cacheDir = join(import.meta.dirname, '../../../.cache');
const journalDir = mkdtempSync(join(tmpdir(), 'duel-journal-'));
afterAll(() => rmSync(journalDir, { recursive: true }));

it('is one request a slot, to a new environment, and nothing else', () => {
  const profile = profileNamed('cold', 2);
  const slots = schedule(profile, ['a', 'b'], 1, 1);
  expect(slots).toHaveLength(120);
  expect(slots.filter(({ measureMs, endMs, measuredMs }) => measureMs !== endMs || measuredMs > 0)).toEqual(
    [],
  );
  const shape = {
    profile,
    deployment: {
      endpoints: new Map([
        ['a', 'x'],
        ['b', 'y'],
      ]),
    },
    request: GET_ROOT,
    timing: USUAL_TIMING,
    virtualUsers: 10,
    timeoutSeconds: 10,
  };
  const scenarios = Object.values(k6Options(slots, shape).scenarios!);
  expect(scenarios).toHaveLength(120);
  for (const scenario of scenarios) expect(scenario).toMatchObject({ vus: 1, iterations: 1 });
});

it('measures init plus first call of every start, interleaved, and judges by that', async () => {
  await using deployment = await scripted({
    a: { initMs: 200, durationMs: 20 },
    b: { initMs: 50, durationMs: 5 },
  });
  const profile = { ...profileNamed('cold', 2), blocks: 3 };
  const config = {
    variants: ['a', 'b'].map(variantNamed),
    pairs: [{ base: 'a', head: 'b' }],
    profile,
    seed: 1,
    shard: null,
    region: 'us-east-1',
    coldShare: 0,
  } as unknown as Config;
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  const means = {
    k6,
    progress: silent,
    signal: new AbortController().signal,
    workDir: tmpdir(),
    journal: new Journal(journalDir),
    looks: null,
  };
  const run = await load(config, deployment, means);
  const collected = collect(run, await recordsOf(run, deployment, () => []), profile);
  expect(collected.warnings).toEqual([]);
  expect(collected.slots.map(({ requests, environments }) => [requests, environments.length])).toEqual(
    Array.from({ length: 6 }, () => [1, 1]),
  );
  const { pairs, variants } = compare({ config, artifacts: [], run, collected, target: deployment.target });
  expect(variants.map(({ cold }) => cold.n)).toEqual([3, 3]);
  const { comparisons } = pairs[0]!;
  expect(comparisons.map(({ metric }) => metric).sort()).toEqual(['cold.init', 'cold.total', 'memory.max']);
  const total = comparisons.find(({ metric }) => metric === 'cold.total')!;
  expect(total.n).toBe(3);
  expect(Math.exp(total.estimate!)).toBeCloseTo(0.25, 1);
});
