import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { readManifest } from './manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-manifest-'));
const path = join(folder, 'package.json');
afterAll(() => rmSync(folder, { recursive: true }));

it('tells the module system and the dependencies', async () => {
  writeFileSync(path, '{"name":"a","type":"module","dependencies":{"b":"1.0.0"}}');
  expect(await readManifest(path)).toEqual({ type: 'module', dependencies: { b: '1.0.0' } });
  writeFileSync(path, '{}');
  expect(await readManifest(path)).toEqual({ dependencies: {} });
});

it.each(['', '{"type":', 'null', '[]', '{"type":1}', '{"dependencies":{"a":1}}'])(
  'refuses %j with the path in its words',
  async (text) => {
    writeFileSync(path, text);
    const error = await readManifest(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain(path);
  },
);
