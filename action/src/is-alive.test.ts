import { execa } from 'execa';
import { expect, it } from 'vitest';
import { isAlive } from './is-alive.ts';

it('tells processes that run, whosever they are, from those that have ended', async () => {
  const ended = execa('true');
  await ended;
  expect([process.pid, 1, ended.pid as number].map(isAlive)).toEqual([true, true, false]);
});
