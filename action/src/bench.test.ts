import { expect, it } from 'vitest';
import { bench } from './bench.ts';
import { ConfigError } from './errors.ts';
import type { Config } from './model.ts';
import { silent } from './progress.ts';

it('a local run of a variant with SnapStart is refused before anything is installed or built', async () => {
  const config = { variants: [{ name: 'quick', snapStart: true }] } as unknown as Config;
  const { signal } = new AbortController();
  const run = bench(config, null, { cacheDir: '', progress: silent, signal, publish: async () => {} });
  await expect(run).rejects.toThrow(ConfigError);
  await expect(run).rejects.toThrow('SnapStart (quick) exists on AWS only');
});
