/** A folder with the sources of two functions, and configs in it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ConfigError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import { resolveConfig } from './config.ts';

/** Of the file that runs: each has its own. */
export const root = mkdtempSync(join(tmpdir(), 'duel-config-'));
mkdirSync(join(root, 'one'));
mkdirSync(join(root, 'two'));
afterAll(() => rmSync(root, { recursive: true }));

export const variant = (name: string, source = 'one') =>
  `  - { name: ${name}, source: ${source}, build: python, runtime: python3.13, handler: handler.handler }`;

/** The config of `a` in folder `one`, and `b` in `two`. */
export const TWO = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;

/** At 03:04:05 on 2 January 2026. */
export function resolved(yaml: string, ...argv: string[]) {
  writeFileSync(join(root, 'benchmark.yml'), yaml);
  return resolveConfig(parseArguments(['--config', 'benchmark.yml', ...argv]), {
    root,
    cwd: root,
    now: new Date('2026-01-02T03:04:05Z'),
  });
}

export function faultOf(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}
