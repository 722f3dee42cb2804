import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { scripted } from '../cloud/scripted.ts';
import { readOutput } from '../import/read-output.ts';
import type { Config } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { segment } from './k6.ts';
import { manifest, SCRIPTS } from './manifest.ts';
import { profileNamed } from './profiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-manifest-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Documents {
  readonly data: Readonly<Record<string, string>>;
  readonly spec: { readonly parallelism: number; readonly arguments: string };
}

it('gives pods what real k6 runs, each its part, and what npm run import reads', async () => {
  const { k6 } = await ensureTools(['k6'], {
    cacheDir: join(import.meta.dirname, '../../../.cache'),
    progress: silent,
  });
  await using deployment = await scripted({
    a: { initMs: 5, durationMs: 2 },
    b: { initMs: 5, durationMs: 2 },
  });
  const profile = { ...profileNamed('smoke', 2), blocks: 2, slotSeconds: 2, environments: 4 };
  const config = { profile, seed: 1, variants: [{ name: 'a' }, { name: 'b' }] } as unknown as Config;
  const scripts = Object.fromEntries(
    SCRIPTS.map((name) => [name, readFileSync(join(import.meta.dirname, name), 'utf8')]),
  );
  const { endpoints } = deployment;
  const [map, testRun] = manifest({ config, endpoints, rate: 20, pods: 2, scripts }) as [
    Documents,
    Documents,
  ];
  for (const [name, text] of Object.entries(map.data)) writeFileSync(join(folder, name), text);
  expect(testRun.spec.parallelism).toBe(2);
  const args = testRun.spec.arguments.replaceAll('/test/', `${folder}/`).split(' ');
  let requests = 0;
  for (const index of [1, 2]) {
    // As the operator starts a pod.
    const part = segment({ index, count: 2 });
    const { stdout } = await execa(
      k6,
      ['run', ...args, ...part, '--address', '127.0.0.1:0', join(folder, 'scenario.js')],
      {
        env: { K6_NO_USAGE_REPORT: 'true' },
      },
    );
    const log = join(folder, `pod-${index}.csv`);
    writeFileSync(log, `${stdout}\n`);
    const { series, unreadable } = await readOutput(log, null, new AbortController().signal);
    expect(unreadable).toBe(0);
    expect(series.errors).toBe(0);
    requests += series.requests + series.droppedRequests;
  }
  const { invocations } = deployment;
  const served = await invocations({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
  expect(requests).toBeGreaterThanOrEqual(served.length);
  expect(served.length).toBeGreaterThan(2 * 4 * 11);
}, 120_000);
