import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { send } from './processes.ts';

it('a signal to a process that has ended by itself is no fault', async () => {
  const child = spawn('true', { detached: true });
  await once(child, 'exit');
  expect(() => send(child.pid!, 'SIGCONT')).not.toThrow();
  expect(() => send(-child.pid!, 'SIGCONT')).not.toThrow();
});

it('a signal to a living process reaches it', async () => {
  const child = spawn('sleep', ['60']);
  send(child.pid!, 'SIGKILL');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});
