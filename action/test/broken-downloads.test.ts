import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCargo } from '../src/build/cargo-run.ts';
import { type Workshop, workshop } from '../src/build/fixture.ts';
import type { BuildContext } from '../src/build/recipe.ts';
import type { DuelError } from '../src/errors.ts';
import type { Variant } from '../src/model.ts';

/** What package managers are told to answer when they are asked for what needs no network. */
const ASKED = `case "$*" in
  "env GOMOD") echo "$PWD/go.mod"; exit;;
  version|--version|"-m pip --version") echo Python 3.13.0; exit;;
esac`;
const ATTEMPT = `echo attempt >> "$(dirname "$0")/attempts"`;
const NETWORK = 'echo "dial tcp 127.0.0.1:9: connect: connection refused" >&2; exit 1';
const SOURCE = "echo 'connection refused; error: could not compile `fn`' >&2; exit 1";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A workshop whose package managers are stand-ins that fail. */
async function cutOff(failing: string, asked = ASKED) {
  const shop = await workshop();
  const bin = join(shop.folder, 'bin');
  await mkdir(bin);
  for (const name of ['npm', 'go', 'python3', 'cargo']) {
    await writeFile(join(bin, name), `#!/bin/sh\n${asked}\n${ATTEMPT}\n${failing}\n`);
    await chmod(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  const attempts = async () => (await readFile(join(bin, 'attempts'), 'utf8')).split('\n').length - 1;
  return { shop, cargo: join(bin, 'cargo'), attempts };
}

const SOURCES = {
  'fn/index.mjs': 'export const handler = async () => 1;',
  'fn/package.json': '{ "dependencies": { "left-pad": "1.3.0" } }',
  'fn/package-lock.json': '{}',
  'fn/handler.py': '',
  'fn/requirements.txt': 'six==1.16.0',
  'fn/go.mod': 'module example.com/fn',
  'fn/Cargo.toml': '',
};
const KINDS: readonly Partial<Variant>[] = [
  { build: 'node', runtime: 'nodejs22.x', handler: 'index.handler' },
  { build: 'python' },
  { build: 'go', runtime: 'provided.al2023' },
  { build: 'cargo-lambda', runtime: 'provided.al2023' },
];

async function failure(shop: Workshop, kind: Partial<Variant>): Promise<DuelError> {
  await shop.write(SOURCES);
  return shop.build([shop.variant('fn', kind)], { retryAfterMs: 1 }).then(
    () => expect.fail('it was built'),
    (error: DuelError) => error,
  );
}

describe.each(KINDS)('a build of kind $build', (kind) => {
  it('is tried again when the network failed it, and the source is not blamed in the end', async () => {
    const { shop, attempts } = await cutOff(NETWORK);
    await using _shop = shop;
    const { message, remedy } = await failure(shop, kind);
    expect(message).toContain('connection refused');
    expect(remedy).toMatch(/network, proxy/);
    expect(await attempts()).toBe(3);
    expect(shop.lines.filter((line) => line.includes('trying again'))).toHaveLength(2);
  });

  it('is not tried again when its source is wrong', async () => {
    const { shop, attempts } = await cutOff('echo "no such version" >&2; exit 1');
    await using _shop = shop;
    expect((await failure(shop, kind)).remedy).toMatch(/^Correct /);
    expect(await attempts()).toBe(1);
  });
});

it('a toolchain that go.mod asks for and nobody can download is no lack of a module', async () => {
  const { shop, attempts } = await cutOff(NETWORK, '');
  await using _shop = shop;
  const { message, remedy } = await failure(shop, { build: 'go', runtime: 'provided.al2023' });
  expect(message).toContain('Go cannot tell the module');
  expect(remedy).toMatch(/network, proxy/);
  expect(await attempts()).toBe(3);
});

it.each([
  [NETWORK, 3, /network, proxy/],
  [SOURCE, 1, /^Correct the source/],
])('cargo, which ends by %s, is run that often: %i', async (failing, times, remedy) => {
  const { shop, cargo, attempts } = await cutOff(failing);
  await using _shop = shop;
  await shop.write(SOURCES);
  const { signal } = new AbortController();
  const context: BuildContext = {
    platform: { architecture: 'x86_64', python: null, node: null },
    ...{ tools: { 'cargo-lambda': cargo }, cacheDir: shop.cacheDir, env: {}, retryAfterMs: 1 },
    ...{ say() {}, signal },
  };
  const run = runCargo(shop.variant('fn'), { file: cargo, args: [] }, context);
  await expect(run).rejects.toMatchObject({ remedy: expect.stringMatching(remedy) });
  expect(await attempts()).toBe(times);
});
