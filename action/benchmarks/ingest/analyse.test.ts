import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

it('merges the shards that it invents, each request once, and renders a report', async () => {
  const golden = resolve(import.meta.dirname, '../../test/golden/clear-verdict.json');
  const script = join(import.meta.dirname, 'analyse.ts');
  const { stdout } = await execa(process.execPath, ['--import', 'tsx', script, golden, '3000']);
  const { merged, mergeSeconds, renderSeconds } = JSON.parse(stdout);
  expect(merged).toBe(3000);
  expect(mergeSeconds).toBeGreaterThan(0);
  expect(renderSeconds).toBeGreaterThan(0);
});
