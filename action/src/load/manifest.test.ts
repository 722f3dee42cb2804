import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scripted } from '../cloud/scripted.ts';
import { main as importMain } from '../commands/import.ts';
import { profileNamed } from '../config/profiles.ts';
import type { Config, Invocation } from '../model.ts';
import { silent } from '../progress.ts';
import { parseResult } from '../report/json.ts';
import type { Result } from '../result.ts';
import { ensureTools } from '../tools/tools.ts';
import { segment } from './k6.ts';
import { manifest, SCRIPTS } from './manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-manifest-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const BLOCKS = 3;
const LOGS = ['pod-1.log', 'pod-2.log'];
let served: Invocation[];

/** What two pods log that run the manifest, started as the operator starts them, against functions of 2 and 20 ms. */
async function runPods(): Promise<void> {
  const cacheDir = join(import.meta.dirname, '../../../.cache');
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  await using deployment = await scripted({
    fast: { initMs: 5, durationMs: 2 },
    slow: { initMs: 5, durationMs: 20 },
  });
  const profile = { ...profileNamed('smoke', 2), blocks: BLOCKS, slotSeconds: 2, environments: 4 };
  const config = {
    profile,
    seed: 1,
    variants: [{ name: 'slow' }, { name: 'fast' }],
  } as unknown as Config;
  const scripts = Object.fromEntries(
    SCRIPTS.map((name) => [name, readFileSync(join(import.meta.dirname, name), 'utf8')]),
  );
  const { endpoints } = deployment;
  const [map, { spec }] = manifest({ config, endpoints, rate: 20, pods: 2, scripts });
  for (const [name, text] of Object.entries(map.data)) writeFileSync(join(folder, name), text);
  const args = spec.arguments.replaceAll('/test/', `${folder}/`).split(' ');
  const pods = Array.from({ length: spec.parallelism }, async (_, at) => {
    const part = segment({ index: at + 1, count: spec.parallelism });
    const command = ['run', ...args, ...part, '--address', '127.0.0.1:0', join(folder, 'scenario.js')];
    const { stdout } = await execa(k6, command, { env: { K6_NO_USAGE_REPORT: 'true' } });
    writeFileSync(join(folder, LOGS[at]!), `${stdout}\n`);
  });
  await Promise.all(pods);
  served = await deployment.invocations({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
}

async function imported(...argv: string[]): Promise<Result> {
  const out = join(folder, 'out');
  expect(await importMain([...argv, '--out', out], { cwd: folder })).toBe(0);
  return parseResult(readFileSync(join(out, 'result.json'), 'utf8'));
}

describe('the pods of a manifest', () => {
  beforeAll(runPods, 120_000);

  it('send every request of the plan between them, and npm run import reads it', async () => {
    const { variants, provenance, warnings } = await imported(...LOGS);
    expect(variants.map(({ name }) => name)).toEqual(['fast', 'slow']);
    for (const { name, requests, errors } of variants) {
      expect(requests).toBe(served.filter(({ variant }) => variant === name).length);
      expect(requests).toBeGreaterThan(4 * 11);
      expect(errors).toBe(0);
    }
    expect(provenance.imports).toMatchObject(LOGS.map((file) => ({ file, variant: 'fast, slow' })));
    expect(warnings.map(({ code }) => code)).not.toContain('unreadable-lines');
    expect(warnings.map(({ code }) => code)).not.toContain('not-interleaved');
  });

  it('let variants be compared block by block, with the opening burst in no latency', async () => {
    const { pairs, design, variants } = await imported(...LOGS);
    expect(design.blocks).toBe(BLOCKS);
    expect(pairs.map(({ base, head }) => [base, head])).toEqual([['fast', 'slow']]);
    const p50 = pairs[0]!.comparisons.find(({ metric }) => metric === 'client.p50')!;
    expect(p50.n).toBe(BLOCKS);
    expect(Math.exp(p50.estimate!)).toBeGreaterThan(3);
    for (const { requests, warmRequests } of variants) expect(requests - warmRequests).toBe(4 * 11);
  });

  it('may come in one file, and be compared with another variant', async () => {
    const texts = LOGS.map((log) => readFileSync(join(folder, log), 'utf8'));
    writeFileSync(join(folder, 'all.csv'), texts.join(''));
    const [apart, together] = [await imported(...LOGS), await imported('all.csv', '--base', 'slow')];
    expect(together.pairs.map(({ base, head }) => [base, head])).toEqual([['slow', 'fast']]);
    const counts = ({ variants }: Result) => variants.map(({ requests, errors }) => [requests, errors]);
    expect(counts(together)).toEqual(counts(apart));
  });

  it('are passed over, and named, where they had nothing to send', async () => {
    const [header] = readFileSync(join(folder, LOGS[0]!), 'utf8').split('\n');
    writeFileSync(join(folder, 'idle.log'), `${header}\n`);
    const [apart, idle] = [await imported(...LOGS), await imported(...LOGS, 'idle.log')];
    expect(idle.variants).toEqual(apart.variants);
    expect(idle.warnings).toContainEqual(
      expect.objectContaining({ code: 'file-without-requests', data: { file: 'idle.log' } }),
    );
    expect(await importMain(['idle.log'], { cwd: folder })).toBe(2);
    expect(await importMain([LOGS[0]!, '--against', 'idle.log'], { cwd: folder })).toBe(2);
  });

  it('are told from anything else', async () => {
    writeFileSync(
      join(folder, 'other.csv'),
      'metric_name,timestamp,metric_value,scenario,extra_tags,metadata\nhttp_req_duration,1700000000,1.5,default,,\n',
    );
    const exit = (...argv: string[]) => importMain([...argv, '--out', join(folder, 'no')], { cwd: folder });
    expect(await exit(...LOGS, 'other.csv')).toBe(2);
    expect(await exit(...LOGS, '--base', 'medium')).toBe(2);
    expect(await exit('other.csv', '--base', 'fast')).toBe(2);
  });
});
