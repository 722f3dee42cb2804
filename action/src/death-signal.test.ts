import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { dyingWithUs, groupDyingWithUs } from './death-signal.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-death-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lives = (pid: number) => existsSync(`/proc/${pid}/fd`) && !/\) [ZX] /.test(stat(pid));

function stat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** Starts a command from a process of its own, kills that one, and tells the pids that the command wrote down. */
async function orphaned(command: readonly string[], pids: string): Promise<number[]> {
  const words = `${JSON.stringify(command)}.map((word) => (word === '${process.pid}' ? String(process.pid) : word))`;
  const source = `const [file, ...args] = ${words}; require('node:child_process').spawn(file, args, { detached: true }); setInterval(() => {}, 1000)`;
  const parent = spawn(process.execPath, ['-e', source], { stdio: 'ignore' });
  await expect.poll(() => existsSync(pids) && readFileSync(pids, 'utf8').trim().split('\n').length).toBe(2);
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  expect(started.every(lives)).toBe(true);
  parent.kill('SIGKILL');
  return started;
}

/** A program with a child, both of which say who they are. */
const family = (pids: string) => `echo $$ > '${pids}'; sleep 60 & echo $! >> '${pids}'; wait`;

it.runIf(process.platform === 'linux')('ends a program whose starter was killed outright', async () => {
  const pids = join(folder, 'one');
  const [program, child] = await orphaned(dyingWithUs(['/bin/sh', '-c', family(pids)]), pids);
  await expect.poll(() => lives(program!)).toBe(false);
  process.kill(child!, 'SIGKILL');
});

it.runIf(process.platform === 'linux')('ends a program with all that it has started', async () => {
  const pids = join(folder, 'group');
  const started = await orphaned(groupDyingWithUs(['/bin/sh', '-c', family(pids)]), pids);
  await expect.poll(() => started.filter(lives)).toEqual([]);
});

it.runIf(process.platform === 'linux')('begins no program whose starter was gone before it', async () => {
  const made = join(folder, 'made');
  const orphan = groupDyingWithUs(['/bin/sh', '-c', `echo made > '${made}'`]);
  await execa('/bin/sh', ['-c', '"$@"; exit 0', 'sh', ...orphan]);
  expect(existsSync(made)).toBe(false);
});

it('leaves what cannot be started as it is, for the error to name it', () => {
  expect(dyingWithUs(['/no/such/program', 'x'])).toEqual(['/no/such/program', 'x']);
  expect(groupDyingWithUs(['no-such-program-anywhere'])).toEqual(['no-such-program-anywhere']);
});
