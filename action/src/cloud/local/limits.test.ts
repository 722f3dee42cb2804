import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cgroupV1 } from './cgroup-v1.ts';
import { Child } from './child.ts';
import { hostEnvironment } from './function-environment.ts';
import { systemdScopes } from './systemd-scope.ts';

const hasV1 = process.getuid?.() === 0 && existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
const path = process.env.PATH as string;
afterEach(() => {
  process.env.PATH = path;
});

describe.runIf(hasV1)('cgroup v1', () => {
  it('gives an environment its share of a vCPU, and is gone afterwards', async () => {
    const limits = await cgroupV1('test');
    const room = limits?.enclose('one', 884.5);
    const child = new Child({
      argv: ['/bin/sh', '-c', 'grep :cpu: /proc/self/cgroup; exec sleep 60'],
      cwd: '/',
      env: hostEnvironment(),
      enter: room?.enter as string,
    });
    await child.started;
    const group = readFileSync(`/proc/${child.pid}/cgroup`, 'utf8').match(/:cpu:(.*)/)?.[1] as string;
    expect(group).toMatch(/lambda-duel-\d+-test\/one$/);
    const read = (file: string) => Number(readFileSync(join('/sys/fs/cgroup/cpu', group, file), 'utf8'));
    expect(read('cpu.cfs_quota_us') / read('cpu.cfs_period_us')).toBeCloseTo(0.5);
    await room?.dispose(); // ends who is left inside
    expect((await child.exited).signal).toBe('SIGKILL');
    await limits?.dispose();
    expect(existsSync(join('/sys/fs/cgroup/cpu', group, '..'))).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('systemd scopes', () => {
  /** Stands in for systemd-run: notes its options and runs the command, as the real one does with --scope. */
  async function systemdRun(script: string) {
    const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
    await writeFile(join(folder, 'systemd-run'), `#!/bin/sh\n${script}`);
    await chmod(join(folder, 'systemd-run'), 0o755);
    process.env.PATH = `${folder}:/bin:/usr/bin`;
    return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  }

  it('wrap a process with its CPU and memory limits', async () => {
    await using fake = await systemdRun(
      `echo "$@" > "$(dirname "$0")/options"\nwhile [ "$1" != -- ]; do shift; done; shift\nexec "$@"`,
    );
    const limits = await systemdScopes();
    const room = limits?.enclose('one', 884.5);
    const child = new Child({
      argv: ['sleep', '60'],
      cwd: '/',
      env: hostEnvironment(),
      wrapper: room?.wrapper ?? [],
    });
    expect((await child.started)?.pid).toBe(child.pid);
    expect(readFileSync(join(fake.folder, 'options'), 'utf8')).toContain(
      '--user --scope --quiet --collect -p CPUQuota=50.0% -p MemoryMax=884.5M -p MemorySwapMax=0 -- ',
    );
    await child.end();
  });

  it('are not chosen where none can be started', async () => {
    await using _fake = await systemdRun('exit 1');
    expect(await systemdScopes()).toBeNull();
  });
});
