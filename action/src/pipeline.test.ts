import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedConfig } from '../test/fixtures/scripted-config.ts';
import { thisMachine } from './build/platform.ts';
import type { Cloud } from './cloud/cloud.ts';
import { scripted } from './cloud/scripted.ts';
import { profileNamed } from './config/profiles.ts';
import { DeployError } from './errors.ts';
import { journalIn } from './load/journal.ts';
import type { Config } from './model.ts';
import { journalResult } from './partial.ts';
import { pipeline } from './pipeline.ts';
import { silent } from './progress.ts';
import { ensureTools } from './tools/tools.ts';

const root = mkdtempSync(join(tmpdir(), 'duel-pipeline-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const PROFILE = { ...profileNamed('smoke', 2), blocks: 2, slotSeconds: 2.3, rate: 20 };

/** Functions that cannot be removed. */
async function stubborn() {
  const deployment = await scripted({
    a: { initMs: 5, durationMs: 2 },
    b: { initMs: 5, durationMs: 6 },
  });
  return {
    ...deployment,
    async [Symbol.asyncDispose]() {
      await deployment[Symbol.asyncDispose]();
      throw new DeployError('Stack duel-1 cannot be deleted.', 'Delete it by hand.');
    },
  };
}

async function run(deploy: Cloud['deploy'], published: string[], fields: Partial<Config> = {}) {
  const { k6 } = await ensureTools(['k6'], {
    cacheDir: join(import.meta.dirname, '../../.cache'),
    progress: silent,
  });
  const publish = async (_: unknown, report: string) => {
    published.push(report);
  };
  const means = { tools: { k6 }, cacheDir: join(root, 'cache'), platform: thisMachine, progress: silent };
  const { signal } = new AbortController();
  const config = scriptedConfig(root, { outDir: join(root, 'out'), profile: PROFILE, ...fields });
  return pipeline(config, { ...means, cloud: { deploy }, publish, signal, warnings: [] });
}

describe('a deployment that cannot be removed', () => {
  it('takes nothing from what was measured on it: the report is published, and says so', async () => {
    const published: string[] = [];
    const { warnings, variants } = await run(stubborn, published);
    expect(variants.map(({ requests }) => requests > 0)).toEqual([true, true]);
    expect(warnings.find(({ code }) => code === 'not-removed')?.message).toBe(
      'What was deployed for this run could not be removed. Stack duel-1 cannot be deleted. Delete it by hand.',
    );
    expect(published.join()).toContain('Stack duel-1 cannot be deleted.');
  }, 60_000);
});

describe('a shard', () => {
  it('does not miss the environments that the other shards open', async () => {
    // Slow to start, so that no client of an opening takes another's environment.
    const script = { initMs: 200, durationMs: 2 };
    const fields = { shard: { index: 1, count: 3 }, profile: { ...PROFILE, environments: 6 } };
    const { warnings, variants } = await run(() => scripted({ a: script, b: script }), [], fields);
    expect(variants.map(({ environments }) => environments < 2 * 6)).toEqual([true, true]);
    const again = journalResult(journalIn(join(root, 'out')));
    for (const { code } of [...warnings, ...again.warnings]) expect(code).not.toBe('few-environments');
  }, 60_000);
});
