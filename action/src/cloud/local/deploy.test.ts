import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepFolders } from './deploy.ts';

/** One more than a process can have on Linux, and so on macOS. */
const NOBODY = 4_194_305;

it('what a killed run has left is removed, and one of somebody else stops nobody', async () => {
  const left = await mkdtemp(join(tmpdir(), `lambda-duel-${NOBODY}-`));
  const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  await sweepFolders(() => Promise.reject(refused));
  await sweepFolders();
  expect(existsSync(left)).toBe(false);
});

it('what a run has in use stays', async () => {
  const used = await mkdtemp(join(tmpdir(), `lambda-duel-${process.ppid}-`));
  await sweepFolders();
  expect(existsSync(used)).toBe(true);
  await rm(used, { recursive: true });
});
