import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import type { Variant } from '../model.ts';
import { silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { unzip } from './deterministic-zip.ts';
import { type Workshop, workshop } from './fixture.ts';
import { awsLambda } from './platform.ts';

const tools = await ensureTools(['esbuild'], {
  cacheDir: resolve(import.meta.dirname, '../../../.cache'),
  progress: silent,
});
const NODE = { build: 'node', runtime: 'nodejs22.x', handler: 'index.handler' } as const;

async function built(shop: Workshop, name = 'shop', rest: Partial<Variant> = {}) {
  const [artifact] = await shop.build([shop.variant(name, { ...NODE, ...rest })], { tools });
  const files = unzip(await readFile(artifact!.path));
  return { ...artifact!, files, text: Buffer.from(Object.values(files)[0] ?? []).toString() };
}

it('bundles TypeScript into a module where Lambda looks for the handler', async () => {
  await using shop = await workshop();
  await shop.write({
    'shop/src/index.mts':
      'import { greeting } from "./greeting.js";\nexport const handler = async () => greeting as string;',
    'shop/src/greeting.ts': 'export const greeting: string = "good morning";',
  });
  const { files, text, flags } = await built(shop, 'shop', { handler: 'src/index.handler' });
  expect(Object.keys(files)).toEqual(['src/index.mjs']);
  expect(text).toContain('good morning');
  expect(flags).toContain('--format=esm');
});

it('keeps the module system that package.json says', async () => {
  await using shop = await workshop();
  await shop.write({
    'a/index.js': 'exports.handler = async () => 1;',
    'b/index.js': 'export const handler = async () => 1;',
  });
  await shop.write({ 'b/package.json': '{ "type": "module" }' });
  expect(Object.keys((await built(shop, 'a')).files)).toEqual(['index.js']);
  expect(Object.keys((await built(shop, 'b')).files)).toEqual(['index.mjs']);
});

it('compiles for the runtime of the variant', async () => {
  await using shop = await workshop();
  await shop.write({ 'shop/index.mjs': 'export const handler = async () => 1;' });
  const variant = shop.variant('shop', { ...NODE, runtime: 'nodejs20.x' });
  const [artifact] = await shop.build([variant], { tools, platform: awsLambda });
  expect(artifact!.flags).toContain('--target=node20');
  const wrong = shop.build([{ ...variant, runtime: 'python3.13' }], { tools, platform: awsLambda });
  await expect(wrong).rejects.toThrow('is built as node but its runtime is python3.13');
});

it('brings the packages of its lock file, and gives the same bytes in another folder', async () => {
  await using shop = await workshop();
  await shop.write({
    'shop/package.json': '{ "dependencies": { "ms": "2.1.3" } }',
    'shop/index.mjs': 'import ms from "ms";\nexport const handler = async () => ms("2 days");',
  });
  await expect(built(shop)).rejects.toThrow('The packages of variant shop have no package-lock.json');
  await execa('npm', ['install', '--package-lock-only'], { cwd: join(shop.folder, 'shop') });
  await execa('cp', ['-r', 'shop', 'again'], { cwd: shop.folder });
  const first = await built(shop);
  expect(first.tools).toMatchObject({ esbuild: '0.28.2', ms: '2.1.3' });
  await using other = await workshop();
  await execa('cp', ['-r', join(shop.folder, 'shop'), other.folder]);
  const second = await built(other);
  expect(second.reused).toBe(false);
  expect(second.sha256).toBe(first.sha256);
});

it('runs a bundled CommonJS package in an ES module', async () => {
  await using shop = await workshop();
  await shop.write({
    'shop/old.cjs': 'exports.platform = require("os").platform();',
    'shop/index.mjs': 'import old from "./old.cjs";\nexport const handler = async () => old.platform;',
  });
  const { path } = await built(shop);
  const file = join(shop.folder, 'index.mjs');
  await shop.write({ 'index.mjs': unzip(await readFile(path))['index.mjs']! });
  const script = `import { handler } from ${JSON.stringify(file)}; console.log(await handler());`;
  const { stdout } = await execa('node', ['--input-type=module', '-e', script]);
  expect(stdout).toBe(process.platform);
});

it('names a handler without a file', async () => {
  await using shop = await workshop();
  await shop.write({ 'shop/index.mjs': '' });
  await expect(built(shop, 'shop', { handler: 'app.handler' })).rejects.toThrow(
    'The handler app.handler of variant shop has no file: app.js or .ts',
  );
});

it('fails in the words of esbuild on a package that is in no lock file', async () => {
  await using shop = await workshop();
  await shop.write({ 'shop/index.mjs': 'import "no-such-package";' });
  await expect(built(shop)).rejects.toThrow(
    /cannot be bundled; esbuild says:[\s\S]*Could not resolve "no-such-package"/,
  );
});

it('refuses what lies outside of the source folder, because its changes would not be seen', async () => {
  await using shop = await workshop();
  await shop.write({ 'shop/index.mjs': 'import "shared";', '.cache/node_modules/shared/index.js': '' });
  await expect(built(shop)).rejects.toThrow(/cannot be bundled; it imports from elsewhere: .*shared/);
});
