import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unzip } from './deterministic-zip.ts';
import { workshop } from './fixture.ts';
import { awsLambda } from './platform.ts';

const GO = { build: 'go', runtime: 'provided.al2023', handler: 'bootstrap' } as const;
const MODULE = 'module example.com/shop\n\ngo 1.21\n';
const MAIN = 'package main\n\nimport "example.com/shop/words"\n\nfunc main() { println(words.Morning) }\n';
const SHOP = {
  'go.mod': MODULE,
  'cmd/fn/main.go': MAIN,
  'words/words.go': 'package words\n\nconst Morning = "good morning"\n',
};

it('makes a static binary named bootstrap, the same in any folder, for the architecture asked for', async () => {
  await using shop = await workshop();
  await using other = await workshop();
  await shop.write(SHOP);
  await other.write(SHOP);
  const variant = { ...GO, source: join(shop.folder, 'cmd/fn') };
  const [here] = await shop.build([shop.variant('fn', variant)]);
  const [there] = await other.build([
    other.variant('fn', { ...variant, source: join(other.folder, 'cmd/fn') }),
  ]);
  expect(there!.reused).toBe(false);
  expect(there!.sha256).toBe(here!.sha256);
  const files = unzip(await readFile(here!.path));
  expect(Object.keys(files)).toEqual(['bootstrap']);
  const arm = { ...variant, architecture: 'arm64' } as const;
  const [cross] = await shop.build([shop.variant('fn', arm)], { platform: awsLambda });
  const machine = unzip(await readFile(cross!.path)).bootstrap!;
  // e_machine of the ELF header: 183 is AArch64.
  expect(Buffer.from(machine).readUInt16LE(18)).toBe(183);
});

it('builds again when another package of its module changed', async () => {
  await using shop = await workshop();
  await shop.write(SHOP);
  const variant = shop.variant('fn', { ...GO, source: join(shop.folder, 'cmd/fn') });
  const [first] = await shop.build([variant]);
  await shop.write({ 'words/words.go': 'package words\n\nconst Morning = "good evening"\n' });
  const [second] = await shop.build([variant]);
  expect(second!.sha256).not.toBe(first!.sha256);
  expect(second!.tools.go).toMatch(/^\d+\.\d+/);
});

it('fails in the words of the compiler', async () => {
  await using shop = await workshop();
  await shop.write({ 'fn/go.mod': MODULE, 'fn/main.go': 'package main\n\nfunc main() { nothing() }\n' });
  await expect(shop.build([shop.variant('fn', GO)])).rejects.toThrow(/go says:[\s\S]*undefined: nothing/);
});

it('names a folder without a module', async () => {
  await using shop = await workshop();
  await shop.write({ 'fn/main.go': 'package main' });
  await expect(shop.build([shop.variant('fn', GO)])).rejects.toThrow('belongs to no Go module');
});
