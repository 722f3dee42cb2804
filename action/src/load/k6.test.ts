import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startK6 } from './k6.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('k6 is not told the files by which a step changes what the next ones get', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
  const k6 = join(folder, 'k6');
  await writeFile(k6, '#!/bin/sh\necho "told <$GITHUB_ENV$GITHUB_PATH> and $OURS" >&2; exit 3');
  await chmod(k6, 0o755);
  for (const name of ['GITHUB_ENV', 'GITHUB_PATH']) vi.stubEnv(name, '/f');
  const { signal } = new AbortController();
  const files = { script: '/s', optionsFile: '/o' };
  const start = startK6({ k6, ...files, environment: { OURS: 'ours' }, onOutput() {}, shard: null, signal });
  await expect(start).rejects.toThrow('told <> and ours');
  await rm(folder, { recursive: true });
});
