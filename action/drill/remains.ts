import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { untilGone } from './processes.ts';
import type { Sandbox } from './sandbox.ts';
import type { Subject } from './subject-process.ts';

/** What a run has left on this machine when it had ended. */
export interface Remains {
  /** Command lines. */
  readonly processes: readonly string[];
  /** Names of temporary files and folders. */
  readonly temporary: readonly string[];
  /** Groups of the v1 `cpu` controller. */
  readonly groups: readonly string[];
}

/** The kernel, not we, ends the children of a run that was killed: at once, but not before the run itself is gone. */
const PATIENCE_MS = 3000;

export async function remainsOf(subject: Subject, sandbox: Sandbox): Promise<Remains> {
  const processes = await untilGone(sandbox.folder, PATIENCE_MS);
  return {
    processes: processes.map(({ command }) => command.replaceAll(sandbox.folder, '...').slice(0, 100)),
    temporary: readdirSync(sandbox.temporary).filter((name) => !LOADERS.test(name)),
    groups: groupsOf(subject),
  };
}

/** What Node's and the drill's own loaders keep there. */
const LOADERS = /^(tsx-|node-compile-cache)/;
const CONTROLLER = '/sys/fs/cgroup/cpu';

function groupsOf({ cpuGroup, pid }: Subject): string[] {
  const parent = join(CONTROLLER, cpuGroup ?? '');
  if (cpuGroup === null || !existsSync(parent)) return [];
  return readdirSync(parent).filter((name) => name.startsWith(`lambda-duel-${pid}-`));
}

export function describeRemains({ processes, temporary, groups }: Remains): string[] {
  return [
    ...processes.map((command) => `process ${command}`),
    ...temporary.map((name) => `temporary ${name.replace(/-\d+/, '').replace(/-\w{6}$/, '')}`),
    ...groups.map(() => 'cpu group'),
  ];
}
