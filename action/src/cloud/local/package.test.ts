import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { unpack } from './package.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function zip(files: Parameters<typeof zipSync>[0]): Promise<string> {
  const path = join(folder, 'a.zip');
  await writeFile(path, zipSync(files));
  return path;
}

it('keeps contents, modes and times', async () => {
  // A zip holds the time of a clock on the wall; Lambda takes it to be UTC.
  const attributes = { os: 3, attrs: (0o100755 << 16) >>> 0, mtime: new Date(2020, 0, 2, 3, 4, 6) };
  await unpack(await zip({ 'a/b': [new TextEncoder().encode('#!'), attributes] }), join(folder, 'out'));
  const path = join(folder, 'out/a/b');
  expect(readFileSync(path, 'utf8')).toBe('#!');
  expect(statSync(path).mode & 0o777).toBe(0o755);
  expect(statSync(path).mtimeMs).toBe(Date.UTC(2020, 0, 2, 3, 4, 6));
});

it('refuses a file that would land outside', async () => {
  const path = await zip({ '../outside': new Uint8Array() });
  await expect(unpack(path, join(folder, 'out'))).rejects.toThrow(DeployError);
});

it('says which package is no zip', async () => {
  const path = join(folder, 'b.zip');
  await writeFile(path, 'no zip at all, but long enough to be looked into by the reader');
  await expect(unpack(path, join(folder, 'out'))).rejects.toThrow(/b\.zip could not be unpacked/);
});
