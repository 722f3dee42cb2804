import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { isAlive, leftBehind } from './left-behind.ts';

it('tells processes that run, whosever they are, from those that have ended', async () => {
  const ended = execa('true');
  await ended;
  expect([process.pid, 1, ended.pid as number].map(isAlive)).toEqual([true, true, false]);
});

it('finds what carries the id of a process that is gone, and nothing else', async () => {
  const ended = execa('true');
  await ended;
  const folder = await mkdtemp(join(tmpdir(), 'left-behind-'));
  const names = [`run-${ended.pid}-x`, `run-${process.pid}-x`, 'run-0-x', 'run-x', `other-${ended.pid}-x`];
  for (const name of names) await writeFile(join(folder, name), '');
  expect(await leftBehind(folder, /^run-(\d+)-/)).toEqual([names[0]]);
  await rm(folder, { recursive: true });
});
