import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  /** Stand-ins for systemd's programs and sudo; what systemctl was asked for is noted. */
  async function systemdRun(script: string) {
    const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
    const stand = async (name: string, does: string) => {
      await writeFile(join(folder, name), `#!/bin/sh\n${does}`);
      await chmod(join(folder, name), 0o755);
    };
    await stand('systemd-run', script);
    await stand('systemctl', `echo "$0 $@" >> "$(dirname "$0")/asked"`);
    await stand('sudo', `echo "sudo $@" >> "$(dirname "$0")/asked"; shift; exec "$@"`);
    process.env.PATH = `${folder}:/bin:/usr/bin`;
    const asked = () => readFileSync(join(folder, 'asked'), 'utf8').replaceAll(`${folder}/`, '').split('\n');
    return { folder, asked, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  }
  /** As the real one with --scope: notes its options and runs the command. */
  const RUNS = `case "$*" in *" cat /proc/self/cgroup") echo 0::/system.slice/trial.scope; exit;; esac
echo "$@" > "$(dirname "$0")/options"\nwhile [ "$1" != -- ]; do shift; done; shift\nexec "$@"`;
  const UNIT = `lambda-duel-${process.pid}-one.scope`;

  it('wrap a process with its CPU and memory limits', async () => {
    await using fake = await systemdRun(RUNS);
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
      `--user --scope --quiet --collect --unit=${UNIT} -p CPUQuota=50.0% -p MemoryMax=884.5M -p MemorySwapMax=0 -- `,
    );
    await child.end();
  });

  /** Somebody is in the scope still. */
  async function populate(mount: string) {
    await mkdir(join(mount, 'system.slice', UNIT), { recursive: true });
    await writeFile(join(mount, 'system.slice', UNIT, 'cgroup.procs'), '4242\n');
  }

  it('are ended by their name with whoever is left inside', async () => {
    await using fake = await systemdRun(RUNS);
    await populate(fake.folder);
    await (await systemdScopes(fake.folder))?.enclose('one', 128).dispose();
    expect(fake.asked()).toContain(`systemctl --user kill --signal=SIGKILL ${UNIT}`);
  });

  it('of the system are ended by sudo, too', async () => {
    await using fake = await systemdRun(`[ "$1" != --user ] || exit 1\n${RUNS}`);
    await populate(fake.folder);
    await (await systemdScopes(fake.folder))?.enclose('one', 128).dispose();
    expect(fake.asked()).toContain(`sudo -n systemctl kill --signal=SIGKILL ${UNIT}`);
  });

  it('of which nothing is left start no program, which would run in the gap before a slot', async () => {
    await using fake = await systemdRun(RUNS);
    await (await systemdScopes(fake.folder))?.enclose('one', 128).dispose();
    expect(existsSync(join(fake.folder, 'asked'))).toBe(false);
  });

  it('are ended in any case where their place is not told', async () => {
    await using fake = await systemdRun(`case "$*" in *cgroup) echo 0::/; exit;; esac`);
    await (await systemdScopes(fake.folder))?.enclose('one', 128).dispose();
    expect(fake.asked()).toContain(`systemctl --user kill --signal=SIGKILL ${UNIT}`);
  });

  it('are not chosen where none can be started', async () => {
    await using _fake = await systemdRun('exit 1');
    expect(await systemdScopes()).toBeNull();
  });
});
