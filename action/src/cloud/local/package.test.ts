import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

const LINK = { os: 3, attrs: (0o120777 << 16) >>> 0 };
const bytes = (text: string) => new TextEncoder().encode(text);

it('makes links as they are, and writes nothing through them', async () => {
  const out = join(folder, 'out');
  const path = await zip({
    link: [bytes('..'), LINK],
    'link/canary': bytes('dead'),
    there: [bytes('a/b'), LINK],
    'a/b': bytes('x'),
  });
  await expect(unpack(path, out)).rejects.toThrow(DeployError);
  expect(existsSync(join(folder, 'canary'))).toBe(false);
  expect(readFileSync(join(out, 'link/canary'), 'utf8')).toBe('dead');
});

it('follows a link that a package has of its own', async () => {
  await unpack(await zip({ there: [bytes('a/b'), LINK], 'a/b': bytes('x') }), join(folder, 'out'));
  expect(readFileSync(join(folder, 'out/there'), 'utf8')).toBe('x');
});

it('refuses two files of one name, of which nobody knows which is meant', async () => {
  const once = zipSync({ 'a.txt': bytes('1'), 'b.txt': bytes('2') });
  const path = join(folder, 'twice.zip');
  await writeFile(
    path,
    Buffer.from(Buffer.from(once).toString('latin1').replaceAll('b.txt', 'a.txt'), 'latin1'),
  );
  await expect(unpack(path, join(folder, 'out'))).rejects.toThrow(/EEXIST/);
});

it('outlives a file that can be neither written nor read', async () => {
  const damaged = Buffer.from(zipSync({ 'a\0b': bytes('..') }));
  // What it says that it holds, in its entry of the central directory, is more than there is.
  damaged.writeUInt32LE(11_829, damaged.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 24);
  const path = join(folder, 'damaged.zip');
  await writeFile(path, damaged);
  await expect(unpack(path, join(folder, 'out'))).rejects.toThrow(/without null bytes/);
  await sleep(100); // An error that nobody hears would end the process here.
});

it('says which package is no zip', async () => {
  const path = join(folder, 'b.zip');
  await writeFile(path, 'no zip at all, but long enough to be looked into by the reader');
  await expect(unpack(path, join(folder, 'out'))).rejects.toThrow(/b\.zip could not be unpacked/);
});
