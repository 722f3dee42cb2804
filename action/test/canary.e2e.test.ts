/** Secrets of whoever starts a run, followed through all that the run starts and writes. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const CANARY = 'canary-b7f3';
const SECRETS = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'],
  ...[
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'ACTIONS_RUNTIME_TOKEN',
    'INPUT_GITHUB-TOKEN',
  ],
];

/** The program itself, also where it has just forked to start another, and the compiler that runs its TypeScript. */
const OURS = /^\S*node action\/setup\.mjs |\/esbuild --service=/;

const folder = mkdtempSync(join(tmpdir(), 'duel-canary-'));
const repository = join(folder, 'repository');
const out = join(folder, 'out');
afterAll(() => rmSync(folder, { recursive: true }));

/** A function whose start, and whose build, write down the environment that they got. */
function writeRepository(): void {
  const source = join(repository, 'fn');
  const runtime = readFileSync(join(root, 'action/src/cloud/local/fixtures/bootstrap'));
  const start = `#!/bin/sh\nenv > '${join(folder, 'function.env')}'\nexec "$LAMBDA_TASK_ROOT/runtime"\n`;
  const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 };
  mkdirSync(source, { recursive: true });
  writeFileSync(
    join(folder, 'made.zip'),
    zipSync({ bootstrap: [strToU8(start), executable], runtime: [runtime, executable] }),
  );
  copyFileSync(join(folder, 'made.zip'), join(source, 'made.zip'));
  mkdirSync(join(repository, '.github'));
  writeFileSync(
    join(repository, '.github/benchmark.yml'),
    JSON.stringify({
      variants: ['a', 'b'].map((name) => ({
        ...{ name, source: 'fn', build: 'command', runtime: 'provided.al2023', handler: 'bootstrap' },
        // Another fingerprint each time, so that it is built.
        command: {
          run: `env > '${join(folder, 'build.env')}'; cp made.zip package.zip`,
          package: 'package.zip',
        },
      })),
      load: { rate: 20, blocks: 1, slotSeconds: 3, environments: 1, warmup: 0 },
    }),
  );
}

/** All processes below one, with the environment they were started with. */
function descendants(of: number): { command: string; environment: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(
    pids.map((pid) => [pid, told(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1] ?? '']),
  );
  const isBelow = (pid: string): boolean =>
    pid === String(of) || (parents.get(pid) !== undefined && isBelow(parents.get(pid)!));
  return pids
    .filter((pid) => pid !== String(of) && isBelow(pid))
    .map((pid) => ({
      command: told(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
      environment: told(`/proc/${pid}/environ`),
    }));
}

/** '' for a process that has ended, or is somebody else's. */
function told(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe.runIf(process.platform === 'linux')('a secret in the environment of a local run', () => {
  const seen = new Map<string, string>();
  let own = '';
  let output = '';
  let code: number | undefined;

  beforeAll(async () => {
    writeRepository();
    const run = execa(
      process.execPath,
      [
        'action/setup.mjs',
        'bench',
        '--root',
        repository,
        '--profile',
        'smoke',
        '--shard',
        '1/1',
        '--seed',
        '1',
        '--out',
        out,
      ],
      {
        cwd: root,
        reject: false,
        all: true,
        env: Object.fromEntries(SECRETS.map((name) => [name, `${CANARY}-${name}`])),
      },
    );
    let over = false;
    run.finally(() => {
      over = true;
    });
    while (!over) {
      own ||= told(`/proc/${run.pid}/environ`);
      for (const { command, environment } of descendants(run.pid!)) seen.set(command, environment);
      await sleep(20);
    }
    ({ all: output, exitCode: code } = await run);
  }, 300_000);

  it('is there, and the run is a whole one', () => {
    expect(own).toContain(CANARY);
    expect([0, 3], output).toContain(code);
    for (const program of ['k6 run', 'gofakes3', 'dynoxide', 'runtime'])
      expect(
        [...seen.keys()].some((command) => command.includes(program)),
        program,
      ).toBe(true);
    expect(readdirSync(join(out, 'journal')).sort()).toEqual([
      'load.json',
      'records.ndjson',
      'run.json',
      'samples.csv',
    ]);
  });

  it('reaches no process that the run starts', () => {
    const told = [...seen]
      .filter(([command]) => !OURS.test(command))
      .filter(([, environment]) => environment.includes(CANARY))
      .map(([command]) => command);
    expect(told).toEqual([]);
  });

  it.each(['build', 'function'])('does not reach the %s', (name) => {
    const environment = readFileSync(join(folder, `${name}.env`), 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain(CANARY);
  });

  it('stands in no line of the log and in no file that is left', () => {
    expect(output).not.toContain(CANARY);
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(6);
    const holding = files.filter((entry) =>
      readFileSync(join(entry.parentPath, entry.name)).includes(CANARY),
    );
    expect(holding.map(({ name }) => name)).toEqual([]);
  });
});
