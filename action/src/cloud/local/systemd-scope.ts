import { execa } from 'execa';
import { type Limits, openRoom, vcpus } from './limits.ts';

/** Ways to start a scope, best first: our own service manager, or the system's by a sudo that asks nothing. */
const routes: readonly { readonly name: string; readonly argv: readonly string[] }[] = [
  { name: 'systemd-run --user', argv: ['systemd-run', '--user', '--scope', '--quiet', '--collect'] },
  { name: 'sudo systemd-run', argv: ['sudo', '-n', 'systemd-run', '--scope', '--quiet', '--collect'] },
];

/**
 * CPU quota and memory limit by one transient systemd scope per environment (cgroup v2). The scope is gone with
 * its last process.
 *
 * @returns null where systemd-run can't start a scope.
 */
export async function systemdScopes(): Promise<Limits | null> {
  if (process.platform !== 'linux') return null;
  for (const route of routes) {
    const trial = await execa(route.argv[0] as string, [...scope(route.argv, 128).slice(1), 'true'], {
      reject: false,
      timeout: 5000,
    });
    if (trial.exitCode === 0) return scopes(route);
  }
  return null;
}

function scopes(route: { readonly name: string; readonly argv: readonly string[] }): Limits {
  return {
    description: `cgroup v2 CPUQuota and MemoryMax (${route.name})`,
    warnings: [],
    enclose: (_environmentId, memoryMb) => ({ ...openRoom, wrapper: scope(route.argv, memoryMb) }),
    async dispose() {},
  };
}

export function scope(route: readonly string[], memoryMb: number): string[] {
  const quota = `CPUQuota=${(vcpus(memoryMb) * 100).toFixed(1)}%`;
  const properties = ['-p', quota, '-p', `MemoryMax=${memoryMb}M`, '-p', 'MemorySwapMax=0'];
  const identity = route[0] === 'sudo' ? [`--uid=${process.getuid?.()}`, `--gid=${process.getgid?.()}`] : [];
  return [...route, ...properties, ...identity, '--'];
}
