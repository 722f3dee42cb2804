import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BuildError, ConfigError, InterruptedError } from '../errors.ts';
import { unzip, zipDeterministically } from './deterministic-zip.ts';
import { workshop } from './fixture.ts';

const HANDLER = 'def handler(event, context): return {}\n';
const zip = zipDeterministically([{ path: 'index.mjs', data: Buffer.from('export {}'), executable: false }]);

describe('building', () => {
  it('gives each variant its package, in the order of the config', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER, 'two.zip': zip });
    const two = shop.variant('two', { build: 'zip', source: join(shop.folder, 'two.zip') });
    const artifacts = await shop.build([shop.variant('one'), two]);
    expect(artifacts.map(({ variant }) => variant.name)).toEqual(['one', 'two']);
    for (const { path, zippedBytes, sha256 } of artifacts) {
      expect((await readFile(path)).length).toBe(zippedBytes);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(artifacts[0]!.unzippedBytes).toBe(HANDLER.length);
  });

  it('does not build an unchanged variant again, and says so', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER });
    const [first] = await shop.build([shop.variant('one')]);
    const [second] = await shop.build([shop.variant('one')]);
    expect(first!.reused).toBe(false);
    expect(second).toEqual({ ...first, reused: true });
    expect(shop.lines.at(-1)).toMatch(/^build one: reused \(unchanged\): \d+\.\d\d MB zipped/);
  });

  it('builds a changed variant again', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER });
    const [first] = await shop.build([shop.variant('one')]);
    await shop.write({ 'one/handler.py': `${HANDLER}\n` });
    const [second] = await shop.build([shop.variant('one')]);
    expect(second!.reused).toBe(false);
    expect(second!.sha256).not.toBe(first!.sha256);
  });

  it('builds again when the kept package is damaged', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER });
    const [first] = await shop.build([shop.variant('one')]);
    await writeFile(first!.path, 'half a zip');
    const [second] = await shop.build([shop.variant('one')]);
    expect(second).toMatchObject({ reused: false, sha256: first!.sha256 });
  });

  it('gives two variants with the same source in different folders the same package', async () => {
    await using shop = await workshop();
    await shop.write({ 'base/handler.py': HANDLER, 'head/handler.py': HANDLER });
    const [base, head] = await shop.build([shop.variant('base'), shop.variant('head')]);
    expect(head!.path).toBe(base!.path);
    expect(head!.variant.name).toBe('head');
  });

  it('keeps the packages used last and removes older ones', async () => {
    await using shop = await workshop();
    for (let version = 0; version < 14; version++) {
      await shop.write({ 'one/handler.py': `${HANDLER}# ${version}\n` });
      await shop.build([shop.variant('one')]);
    }
    const kept = await readdir(join(shop.cacheDir, 'build'));
    expect(kept).toHaveLength(12);
    expect((await shop.build([shop.variant('one')]))[0]!.reused).toBe(true);
  });

  it('keeps every package of one call, however many there are', async () => {
    await using shop = await workshop();
    const names = Array.from({ length: 13 }, (_, nth) => `zip-${nth}`);
    const variants = names.map((name) =>
      shop.variant(name, { build: 'zip', source: join(shop.folder, name) }),
    );
    const entry = { data: Buffer.from('export {}'), executable: false };
    for (const name of names)
      await shop.write({ [name]: zipDeterministically([{ ...entry, path: `${name}.mjs` }]) });
    const artifacts = await shop.build(variants);
    const packages = await Promise.all(artifacts.map(({ path }) => readFile(path)));
    expect(packages.flatMap((data) => Object.keys(unzip(data)))).toEqual(names.map((name) => `${name}.mjs`));
    expect((await shop.build(variants)).every(({ reused }) => reused)).toBe(true);
  });

  it('removes what a killed run left a day ago, and not what another run is making', async () => {
    await using shop = await workshop();
    const folder = join(shop.cacheDir, 'build');
    const [old, fresh] = [join(folder, 'partial-old'), join(folder, 'partial-fresh')];
    for (const path of [old, fresh]) await mkdir(path, { recursive: true });
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await shop.build([]);
    expect(await readdir(folder)).toEqual(['partial-fresh']);
  });

  it('reports the failure of one variant and leaves nothing half-made', async () => {
    await using shop = await workshop();
    await shop.write({ 'good/handler.py': HANDLER, 'bad.zip': 'not a zip' });
    const bad = shop.variant('bad', { build: 'zip', source: join(shop.folder, 'bad.zip') });
    const failure = await shop.build([shop.variant('good'), bad]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BuildError);
    expect((failure as Error).message).toContain('The package of variant bad is not a zip');
    const left = await readdir(join(shop.cacheDir, 'build'));
    expect(left.filter((name) => name.startsWith('partial-'))).toEqual([]);
  });

  it('names a source folder that is missing', async () => {
    await using shop = await workshop();
    const failure = await shop.build([shop.variant('nowhere')]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message).toBe(
      `The source of variant nowhere is not a folder: ${join(shop.folder, 'nowhere')}.`,
    );
  });

  it('names a zip that is missing', async () => {
    await using shop = await workshop();
    const failure = shop.build([shop.variant('nowhere', { build: 'zip' })]);
    await expect(failure).rejects.toThrow('The package of variant nowhere is not a file');
  });

  it('throws the reason of an abort and leaves nothing', async () => {
    await using shop = await workshop();
    await shop.write({ 'one/handler.py': HANDLER, 'one/requirements.txt': 'six==1.17.0\n' });
    const controller = new AbortController();
    const progress = {
      line: () => controller.abort(new InterruptedError('Interrupted by SIGINT.', 'Everything ended.')),
    };
    const failure = shop.build([shop.variant('one')], { progress, signal: controller.signal });
    await expect(failure).rejects.toBeInstanceOf(InterruptedError);
    expect(await readdir(join(shop.cacheDir, 'build'))).toEqual([]);
  });

  it('uses a zip of the user as it is', async () => {
    await using shop = await workshop();
    await shop.write({ 'own.zip': zip });
    const own = shop.variant('own', { build: 'zip', source: join(shop.folder, 'own.zip') });
    const [artifact] = await shop.build([own]);
    const kept = await readFile(artifact!.path);
    expect(kept.equals(zip)).toBe(true);
    expect(Object.keys(unzip(kept))).toEqual(['index.mjs']);
  });
});
