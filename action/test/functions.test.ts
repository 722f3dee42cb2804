import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const cache = join(root, '.cache');
const MINUTES = 60_000;

/** Runs a command to its end; its whole output is in the error when it fails. */
async function succeeds(command: string, ...args: string[]): Promise<void> {
  return succeedsWith({}, command, ...args);
}

async function succeedsWith(env: Record<string, string>, command: string, ...args: string[]): Promise<void> {
  const { failed, all } = await execa(command, args, { cwd: root, env, all: true, reject: false });
  if (failed) throw new Error(`${command} ${args.join(' ')} failed:\n${all}`);
}

const REQUIREMENTS = ['functions/requirements.txt', 'functions/requirements-test.txt'];

async function pythonWithTestPackages(): Promise<string> {
  const pins = REQUIREMENTS.map((path) => readFileSync(join(root, path)));
  const version = createHash('sha256').update(Buffer.concat(pins)).digest('hex').slice(0, 12);
  const venv = join(cache, 'tools', `python-test-${version}`);
  if (!existsSync(venv)) {
    const draft = `${venv}.part`;
    await rm(draft, { recursive: true, force: true });
    await succeeds('python3', '-m', 'venv', draft);
    await succeeds(
      join(draft, 'bin/python'),
      '-m',
      'pip',
      'install',
      '-q',
      ...REQUIREMENTS.flatMap((path) => ['-r', path]),
    );
    await rename(draft, venv);
  }
  return join(venv, 'bin/python');
}

describe('the Python function', () => {
  it('passes its own tests', { timeout: 10 * MINUTES }, async () => {
    await succeeds(await pythonWithTestPackages(), ...PYTEST, 'functions');
  });
});

const PYTEST = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'];

describe('the PyO3 function', () => {
  it('passes the tests of the Python function', { timeout: 20 * MINUTES }, async () => {
    const env = { PYO3_BUILD_EXTENSION_MODULE: '1' };
    await succeedsWith(env, 'cargo', 'build', ...rust, '--package', 'rust-python');
    const folder = await mkdtemp(join(tmpdir(), 'duel-pyo3-'));
    await copyFile(join(root, 'rust/python/handler.py'), join(folder, 'handler.py'));
    await copyFile(join(cache, 'build/cargo-dev/debug/libduel_core.so'), join(folder, 'duel_core.abi3.so'));
    await succeedsWith(
      { HANDLER_FOLDER: folder, HANDLERS: 'handler' },
      await pythonWithTestPackages(),
      ...[...PYTEST, 'functions/test_handler.py'],
    );
    await rm(folder, { recursive: true });
  });
});

const rust = [
  '--manifest-path',
  'rust/Cargo.toml',
  '--locked',
  '--target-dir',
  join(cache, 'build', 'cargo-dev'),
];

describe('the Rust function', () => {
  const cargo = (...args: string[]) => succeeds('cargo', ...args);

  it('is formatted', { timeout: MINUTES }, () =>
    cargo('fmt', '--manifest-path', 'rust/Cargo.toml', '--all', '--check'),
  );
  it('is clean under clippy', { timeout: 20 * MINUTES }, () =>
    cargo('clippy', ...rust, '--workspace', '--all-targets', '--', '-D', 'warnings'),
  );
  it('passes its own tests', { timeout: 20 * MINUTES }, () => cargo('test', ...rust, '--workspace'));
});

describe('the TypeScript', () => {
  it('is formatted and linted', { timeout: MINUTES }, () => succeeds('npx', 'biome', 'ci', '.'));
  it('is type-checked', { timeout: MINUTES }, () => succeeds('npx', 'tsc', '--noEmit'));
});
