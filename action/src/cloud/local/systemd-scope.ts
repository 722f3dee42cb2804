import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Enclosure, type Limits, vcpus } from './limits.ts';

interface Route {
  readonly name: string;
  readonly argv: readonly string[];
  /** Ends all processes of the unit whose name follows. */
  readonly kill: readonly string[];
}

const SCOPE = ['--scope', '--quiet', '--collect'];
const KILL = ['kill', '--signal=SIGKILL'];
const patienceMs = 5000;

/** Ways to start a scope, best first: our own service manager, or the system's by a sudo that asks nothing. */
const routes: readonly Route[] = [
  {
    name: 'systemd-run --user',
    argv: ['systemd-run', '--user', ...SCOPE],
    kill: ['systemctl', '--user', ...KILL],
  },
  {
    name: 'sudo systemd-run',
    argv: ['sudo', '-n', 'systemd-run', ...SCOPE],
    kill: ['sudo', '-n', 'systemctl', ...KILL],
  },
];

/**
 * CPU quota and memory limit by one transient systemd scope per environment (cgroup v2). The scope is gone with
 * its last process.
 *
 * @param mount where the groups are, for tests
 * @returns null where systemd-run can't start a scope.
 */
export async function systemdScopes(mount = '/sys/fs/cgroup'): Promise<Limits | null> {
  if (process.platform !== 'linux') return null;
  for (const route of routes) {
    const { exitCode, stdout } = await ask([...scope(route.argv, 128), 'cat', '/proc/self/cgroup']);
    if (exitCode === 0) return scopes(route, neighbours(mount, stdout));
  }
  return null;
}

/** Whether a scope beside the one that tells its place has processes left; so it has where the place is none we know. */
function neighbours(mount: string, place: string): HasMembers {
  const slice = /^0::(\/.+)\/[^/]+\.scope$/m.exec(place)?.[1];
  if (slice === undefined) return async () => true;
  const members = (unit: string) => readFile(join(mount, slice, unit, 'cgroup.procs'), 'utf8');
  return async (unit) => (await members(unit).catch(() => '')) !== '';
}

function ask([program, ...words]: readonly string[]) {
  return execa(program as string, words, { reject: false, timeout: patienceMs });
}

type HasMembers = (unit: string) => Promise<boolean>;

function scopes(route: Route, hasMembers: HasMembers): Limits {
  return {
    description: `cgroup v2 CPUQuota and MemoryMax (${route.name})`,
    warnings: [],
    enclose: (environmentId, memoryMb) => enclosure(route, hasMembers, environmentId, memoryMb),
    async dispose() {},
  };
}

function enclosure(route: Route, hasMembers: HasMembers, environmentId: string, memoryMb: number): Enclosure {
  const unit = `lambda-duel-${process.pid}-${environmentId}.scope`;
  return {
    enter: '',
    wrapper: scope([...route.argv, `--unit=${unit}`], memoryMb),
    // Mostly it is gone with its last process, and no program is started in the gap before a slot for nothing.
    async dispose() {
      if (await hasMembers(unit)) await ask([...route.kill, unit]);
    },
  };
}

function scope(route: readonly string[], memoryMb: number): string[] {
  const quota = `CPUQuota=${(vcpus(memoryMb) * 100).toFixed(1)}%`;
  const properties = ['-p', quota, '-p', `MemoryMax=${memoryMb}M`, '-p', 'MemorySwapMax=0'];
  const identity = route[0] === 'sudo' ? [`--uid=${process.getuid?.()}`, `--gid=${process.getgid?.()}`] : [];
  return [...route, ...properties, ...identity, '--'];
}
