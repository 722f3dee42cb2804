import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseArguments } from '../config/arguments.ts';
import { type Check, missing, ok, warning } from './doctor/check.ts';
import { checkDisk } from './doctor/machine.ts';
import { checkRepository } from './doctor/repository.ts';
import { examine, render } from './doctor.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const named = (checks: readonly Check[], name: string) => checks.find((check) => check.name === name);

describe('the doctor', () => {
  it('finds this machine fit to run the tests that it runs', async () => {
    const checks = await examine(parseArguments([]), { root, cwd: root });
    expect(checks.filter(({ status }) => status === 'missing')).toEqual([]);
    for (const name of ['Node', 'npm', 'Python', 'pip and venv', 'Rust', 'C compiler', 'Go', 'git'])
      expect(named(checks, name)).toMatchObject({ status: 'ok', found: expect.stringMatching(/^\d+\.\d+/) });
    expect(named(checks, 'k6')?.found).toMatch(/^1\.8\.1 \(.*k6\)$/);
    for (const name of ['disk', 'memory', 'cores', 'open files', 'loopback ports', 'CPU limits', 'clean-up'])
      expect(named(checks, name)).toBeDefined();
    expect(named(checks, 'WebAssembly')).toEqual(ok('WebAssembly', 'with SIMD'));
  });

  it('says all that is missing, and one remedy for each, where there is nothing but Node', async () => {
    await symlink(process.execPath, join(folder, 'node'));
    const { exitCode, stdout } = await execa(process.execPath, ['action/setup.mjs', 'doctor', '--json'], {
      cwd: root,
      env: { PATH: folder },
      reject: false,
    });
    const checks = JSON.parse(stdout) as Check[];
    expect(exitCode).toBe(1);
    const absent = checks.filter(({ status }) => status === 'missing').map(({ name }) => name);
    expect(absent).toEqual(['npm', 'Go', 'Rust', 'C compiler', 'Python', 'pip and venv']);
    expect(named(checks, 'Go')?.remedy).toBe('Install Go 1.21 or newer: https://go.dev/dl.');
    expect(named(checks, 'git')).toMatchObject({ status: 'warning' });
    expect(checks.filter(({ status, remedy }) => (status === 'ok') !== (remedy === null))).toEqual([]);
  });

  it.runIf(process.arch === 'x64')(
    'says what a processor lacks that cannot read the output of k6',
    async () => {
      const command = ['--no-enable-sse4-1', 'action/setup.mjs', 'doctor', '--json'];
      const { exitCode, stdout } = await execa(process.execPath, command, { cwd: root, reject: false });
      const refused = { status: 'missing', remedy: expect.stringContaining('SSE4.1') };
      expect(named(JSON.parse(stdout) as Check[], 'WebAssembly')).toMatchObject(refused);
      expect(exitCode).toBe(1);
    },
  );

  it('tells of a config that cannot be read, and goes on', async () => {
    const checks = await examine(parseArguments(['--root', folder]), { root, cwd: root });
    expect(named(checks, 'config')).toMatchObject({
      status: 'missing',
      found: expect.stringContaining('benchmark.yml'),
    });
    expect(named(checks, 'history')?.status).toBe('warning');
    expect(named(checks, 'Go')?.status).toBe('ok');
  });

  it('asks for what the options ask for', async () => {
    const options = ['--target', 'aws', '--variants', 'python', '--control'];
    const checks = await examine(parseArguments(options), { root, cwd: root });
    expect(named(checks, 'k6')).toBeDefined();
    expect(['Rust', 'dynoxide', 'CPU limits'].map((name) => named(checks, name))).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('refuses what the local cloud will refuse', async () => {
    const options = ['--config', '.github/snap-start.yml'];
    const checks = await examine(parseArguments(options), { root, cwd: root });
    expect(named(checks, 'system')).toMatchObject({
      status: 'missing',
      found: expect.stringContaining('SnapStart (python-snapstart) exists on AWS only'),
    });
  });
});

it('a history that is cut off is told, for --base needs it', async () => {
  const git = (cwd: string, ...args: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd });
  const [whole, shallow] = [join(folder, 'whole'), join(folder, 'shallow')];
  await git(folder, 'init', '--quiet', whole);
  for (const message of ['one', 'two']) await git(whole, 'commit', '--quiet', '--allow-empty', '-m', message);
  await git(folder, 'clone', '--quiet', '--depth=1', `file://${whole}`, shallow);
  expect((await checkRepository(whole))[1]).toEqual(ok('history', '2 commits'));
  expect((await checkRepository(shallow))[1]).toMatchObject({
    status: 'warning',
    found: 'shallow: 1 commits',
    remedy: 'Run `git fetch --unshallow` before --base.',
  });
});

it('a disk that is nearly full is told, also of a folder that is not there yet', async () => {
  expect((await checkDisk(join(folder, 'not/yet'), 1)).status).toBe('ok');
  expect(await checkDisk(join(folder, 'not/yet'), 1e18)).toMatchObject({
    status: 'warning',
    remedy: expect.stringContaining('Free 1000000000 GB'),
  });
});

describe('what the doctor prints', () => {
  it('is a line for each check, a remedy below it where there is one, and the conclusion', () => {
    const checks = [
      ok('Go', '1.26'),
      warning('memory', '1.0 GB', 'End something.'),
      missing('Rust', 'gone', 'Get it.'),
    ];
    expect(render(checks, false)).toBe(
      [
        'ok       Go      1.26',
        'warning  memory  1.0 GB',
        '                 -> End something.',
        'missing  Rust    gone',
        '                 -> Get it.',
        '',
        'npm run bench cannot run: Rust.',
        '',
      ].join('\n'),
    );
  });

  it('says so when nothing is missing', () => {
    expect(render([ok('Go', '1.26')], false)).toContain('npm run bench can run.');
    expect(render([warning('git', 'none', 'Get it.')], false)).toContain('can run, with 1 warning.');
  });
});
