import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Target } from './cloud/cloud.ts';
import type { Built } from './model.ts';
import { readProvenance } from './provenance.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-provenance-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('has the lock files beside each source and above it, up to the root and no further', async () => {
  const root = join(folder, 'repository');
  const above = ['package-lock.json', 'rust/Cargo.lock', 'rust/python/requirements.txt'];
  const elsewhere = ['../go.sum', '../other/go.sum', 'rust/core/Cargo.lock'];
  for (const path of [...above, ...elsewhere]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  const sources = ['rust/python', '../other'].map((source) => ({ source: join(root, source) }));
  const config = { root, file: { path: 'benchmark.yml', sha256: '' }, variants: sources };
  const built = { config, artifacts: [], base: null } as unknown as Built;
  const { lockfiles } = await readProvenance(built, { tools: {} } as Target);
  expect(Object.keys(lockfiles).sort()).toEqual(['../other/go.sum', ...above]);
});
