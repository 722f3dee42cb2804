import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

/** Stands in for npm: notes that it was called, and fails in the middle the first time. */
const NPM = `#!/bin/sh
mkdir -p node_modules
echo called >> calls
[ "$(wc -l < calls)" -gt 1 ]
`;

it('packages that an interrupted npm left half are installed again, though they once were whole', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
  for (const folder of ['action', 'bin', '.cache']) await mkdir(join(root, folder));
  await copyFile(resolve(import.meta.dirname, 'setup.mjs'), join(root, 'action/setup.mjs'));
  await writeFile(join(root, 'bin/npm'), NPM);
  await chmod(join(root, 'bin/npm'), 0o755);
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(join(root, '.cache/packages.sha256'), createHash('sha256').update('{}').digest('hex'));
  const env = { PATH: `${join(root, 'bin')}:${process.env.PATH}` };
  const setUp = () =>
    execa(process.execPath, ['action/setup.mjs', 'packages'], { cwd: root, env, reject: false });

  const codes = [(await setUp()).exitCode, (await setUp()).exitCode, (await setUp()).exitCode];

  expect(codes).toEqual([1, 0, 0]);
  expect(await readFile(join(root, 'calls'), 'utf8')).toBe('called\n'.repeat(2));
  await rm(root, { recursive: true });
});
