import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const cache = join(root, '.cache');
const MINUTES = 60_000;

/** Runs a command to its end; its whole output is in the error when it fails. */
async function succeeds(command: string, ...args: string[]): Promise<void> {
  const { failed, all } = await execa(command, args, { cwd: root, all: true, reject: false });
  if (failed) throw new Error(`${command} ${args.join(' ')} failed:\n${all}`);
}

async function pythonWithTestPackages(): Promise<string> {
  const venv = join(cache, 'tools', 'python-test');
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
      '-r',
      'functions/requirements.txt',
      '-r',
      'functions/requirements-test.txt',
    );
    await rename(draft, venv);
  }
  return join(venv, 'bin/python');
}

describe('the Python function', () => {
  it('passes its own tests', { timeout: 10 * MINUTES }, async () => {
    await succeeds(
      await pythonWithTestPackages(),
      '-m',
      'pytest',
      '-q',
      '-p',
      'no:cacheprovider',
      'functions',
    );
  });
});

describe('the Rust function', () => {
  const cargo = (...args: string[]) => succeeds('cargo', ...args);
  const rust = [
    '--manifest-path',
    'rust/Cargo.toml',
    '--locked',
    '--target-dir',
    join(cache, 'build', 'cargo-dev'),
  ];

  it('is formatted', { timeout: MINUTES }, () =>
    cargo('fmt', '--manifest-path', 'rust/Cargo.toml', '--check'),
  );
  it('is clean under clippy', { timeout: 20 * MINUTES }, () =>
    cargo('clippy', ...rust, '--all-targets', '--', '-D', 'warnings'),
  );
  it('passes its own tests', { timeout: 20 * MINUTES }, () => cargo('test', ...rust));
});

describe('the TypeScript', () => {
  it('is formatted and linted', { timeout: MINUTES }, () => succeeds('npx', 'biome', 'ci', '.'));
  it('is type-checked', { timeout: MINUTES }, () => succeeds('npx', 'tsc', '--noEmit'));
});
