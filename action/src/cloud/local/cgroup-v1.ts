import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { leftBehind } from '../../left-behind.ts';
import { type Enclosure, type Limits, vcpus } from './limits.ts';

const controller = '/sys/fs/cgroup/cpu';
/** A short period makes throttling many small pauses instead of few long ones. */
const periodUs = 20_000;
const ours = /^lambda-duel-(\d+)-/;

/**
 * CPU quota by groups of our own below our own place in the v1 `cpu` controller; no other group or controller
 * is touched.
 *
 * @returns null where there is no such controller or we may not write to it.
 */
export async function cgroupV1(runId: string): Promise<Limits | null> {
  if (process.platform !== 'linux' || !existsSync(join(controller, 'cpu.cfs_quota_us'))) return null;
  const parent = ownGroup();
  try {
    await sweep(parent);
    const group = join(parent, `lambda-duel-${process.pid}-${runId}`);
    await mkdir(group);
    return groupsBelow(group);
  } catch {
    return null;
  }
}

function groupsBelow(parent: string): Limits {
  return {
    description: 'cgroup v1 cpu quota; memory watched from outside',
    warnings: [],
    enclose: (environmentId, memoryMb) => enclosure(join(parent, environmentId), memoryMb),
    dispose: () => remove(parent),
  };
}

/** The process makes its own group as it enters: a write by us would block the event loop (20 ms seen). */
function enclosure(group: string, memoryMb: number): Enclosure {
  const quotaUs = Math.max(1000, Math.round(vcpus(memoryMb) * periodUs));
  return {
    enter: [
      `mkdir '${group}' && echo ${periodUs} > '${group}/cpu.cfs_period_us'`,
      `echo ${quotaUs} > '${group}/cpu.cfs_quota_us' && echo $$ > '${group}/cgroup.procs' || exit 125`,
    ].join(' &&\n'),
    wrapper: [],
    dispose: () => remove(group),
  };
}

async function remove(group: string): Promise<void> {
  for (let attempt = 0; attempt < 50 && existsSync(group); attempt++) {
    await killMembers(group);
    try {
      await rmdir(group);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function killMembers(group: string): Promise<void> {
  const members = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '');
  for (const pid of members.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // it ended by itself
    }
  }
}

/** Removes what a run that was killed outright has left. */
async function sweep(parent: string): Promise<void> {
  for (const name of await leftBehind(parent, ours)) {
    const group = join(parent, name);
    const inner = await readdir(group, { withFileTypes: true });
    for (const entry of inner) if (entry.isDirectory()) await remove(join(group, entry.name));
    await remove(group);
  }
}

/** Where we are in the controller; its root when that place is not visible, as in a container. */
function ownGroup(): string {
  const line = readFileSync('/proc/self/cgroup', 'utf8')
    .split('\n')
    .find((text) => text.split(':')[1]?.split(',').includes('cpu'));
  const own = join(controller, line?.split(':').slice(2).join(':') ?? '/');
  return existsSync(own) ? own : controller;
}
