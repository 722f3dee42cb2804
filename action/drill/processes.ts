import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  /** Its arguments, separated by spaces. */
  readonly command: string;
}

/** The living processes that belong to a folder: they name it, work in it, or were given it. Those of the AWS double are AWS's. */
export function processesOf(folder: string): Process[] {
  const ours = processes().filter(({ command }) => !command.includes('lambda-duel-ministack-'));
  return ours.filter(({ pid, command }) => belongs(pid, command, folder) && isAlive(pid));
}

function processes(): Process[] {
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return others.map((name) => ({ pid: Number(name), command: of(name, 'cmdline') }));
}

const belongs = (pid: number, command: string, folder: string): boolean =>
  command.includes(folder) || of(`${pid}`, 'environ').includes(folder) || workingFolder(pid).includes(folder);

/** A zombie has ended. */
export function isAlive(pid: number): boolean {
  const state = of(`${pid}`, 'stat').split(') ').at(-1)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Waits for a number of ms at most; resolves to what is still there. */
export async function untilGone(folder: string, patienceMs: number): Promise<Process[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = processesOf(folder);
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** '' for what has ended meanwhile, or is somebody else's. */
function of(pid: string, file: 'cmdline' | 'environ' | 'stat' | 'cgroup'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/** The programs that a run starts, by what they are; all of them name its folder. */
const ROLES = {
  k6: / run --quiet /,
  s3: /gofakes3 -host /,
  dynamodb: /dynoxide --host /,
} as const;

export type Role = keyof typeof ROLES;

export function pidOf(role: Role, folder: string): number | null {
  const found = processes().find(({ command }) => command.includes(folder) && ROLES[role].test(command));
  return found !== undefined && isAlive(found.pid) ? found.pid : null;
}

/** The execution environments of a variant, oldest first. */
export function environmentsOf(variant: string, folder: string): number[] {
  const program = `/${variant}/bootstrap`;
  return processes()
    .filter(({ command }) => command.startsWith(`node ${folder}`) && command.endsWith(program))
    .map(({ pid }) => pid);
}

/** The place of a process in the v1 `cpu` controller, or null where there is none. */
export function cpuGroupOf(pid: number): string | null {
  const line = of(`${pid}`, 'cgroup')
    .split('\n')
    .find((text) => text.split(':')[1]?.split(',').includes('cpu'));
  return line?.split(':').slice(2).join(':') ?? null;
}

/** Sends a signal to a process, or with a minus to its group, that may have ended by itself. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
