import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { parseResult } from '../src/report/json.ts';

const root = resolve(import.meta.dirname, '../..');
const MINUTES = 60_000;

function npm(script: string, ...args: string[]) {
  const env = { INIT_CWD: root };
  return execa('node', ['action/setup.mjs', script, ...args], { cwd: root, env, reject: false });
}

it('measures the functions of another repository after `init`, with nothing edited by hand', {
  timeout: 10 * MINUTES,
}, async () => {
  const out = await mkdtemp(join(tmpdir(), 'duel-own-'));
  const shop = join(out, 'shop');
  await cp(join(import.meta.dirname, 'fixtures/shop'), shop, { recursive: true });
  const init = await npm('init', '--root', shop);
  expect(init.exitCode, init.stderr).toBe(0);
  const folder = join(out, 'report');
  const bench = await npm('bench', '--root', shop, '--profile', 'smoke', '--out', folder);
  const result = parseResult(await readFile(join(folder, 'result.json'), 'utf8'));
  expect(
    result.variants.map(({ name, runtime }) => [name, runtime]),
    bench.stderr,
  ).toEqual([
    ['python', 'python3.13'],
    ['node', 'nodejs22.x'],
  ]);
  for (const { errors, warmRequests, artifact } of result.variants) {
    expect(errors).toBe(0);
    expect(warmRequests).toBeGreaterThan(100);
    expect(artifact?.zippedBytes).toBeGreaterThan(100);
  }
  expect(result.pairs.map(({ base, head }) => [base, head])).toEqual([['python', 'node']]);
  // Nothing but the config was written there.
  expect((await readdir(shop)).sort()).toEqual(['.github', 'python', 'web']);
  await rm(out, { recursive: true });
});
