/** Zips: the artefact of a stranger's run, and a package that is unpacked and run. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Zippable, zipSync } from 'fflate';
import { readZip } from '../../src/build/zip.ts';
import { unpack } from '../../src/cloud/local/package.ts';
import { readResult } from '../../src/publish/untrusted/artifact.ts';
import { damagedBytes } from '../damage.ts';
import { must, orRefusal, type Target, target } from '../target.ts';

const FILE = 0o100644;
const LINK = 0o120777;

interface Entry {
  readonly name: string;
  readonly content: string;
  readonly mode: number;
}

/** All of a length, so that one can be made the other's name in the zip's bytes. */
const NAMES = [
  'result.json',
  'a/b/c/d.txt',
  'd/canary.tx',
  'd0000000000',
  '../canary.x',
  '/tmp/canary',
  '..\\canary.x',
];
const entries = (): fc.Arbitrary<Entry[]> =>
  fc.array(
    fc.record({
      name: fc.oneof(
        fc.constantFrom(...NAMES, 'd', 'canary', 'd/', './x', 'é'),
        fc.string({ minLength: 1, maxLength: 5 }),
      ),
      content: fc.constantFrom('', '..', '../..', '/', 'd', 'x'.repeat(3000), '{}'),
      mode: fc.constantFrom(FILE, LINK, 0o040755, 0),
    }),
    { maxLength: 5 },
  );

function zipOf(list: readonly Entry[]): Buffer {
  const files: Zippable = {};
  for (const { name, content, mode } of list)
    files[name] = [Buffer.from(content), { os: 3, attrs: (mode << 16) >>> 0, mtime: new Date(2000, 0) }];
  return Buffer.from(zipSync(files));
}

/** One entry gets the name of another, as no honest tool writes it. */
function renamed(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) return zip;
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

const zips = (): fc.Arbitrary<Buffer> => {
  const whole = entries().map(zipOf);
  const clash = fc
    .tuple(whole, fc.constantFrom(...NAMES), fc.constantFrom(...NAMES))
    .map(([zip, from, to]) => renamed(zip, from, to));
  return fc.oneof(whole, clash, damagedBytes(whole));
};

export function zipTargets(folder: string): Target[] {
  const sandbox = join(folder, 'sandbox');
  const inside = join(sandbox, 'inside');
  const path = join(folder, 'package.zip');
  return [
    target('artifact-zip', 200, zips(), async (zip) => {
      const text = await orRefusal(() => readResult(zip));
      must(text === null || text.length <= 8 * 2 ** 20, 'a result is small');
    }),
    target('package-zip', 30, zips(), async (zip) => {
      mkdirSync(inside, { recursive: true });
      writeFileSync(join(sandbox, 'canary'), 'alive');
      writeFileSync(path, zip);
      await orRefusal(() => readZip('a', path));
      await orRefusal(() => unpack(path, inside));
      must(readdirSync(sandbox).sort().join() === 'canary,inside', 'nothing is made outside of the folder');
      must(readFileSync(join(sandbox, 'canary'), 'utf8') === 'alive', 'nothing outside is changed');
      rmSync(sandbox, { recursive: true, force: true });
    }),
  ];
}
