import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import { readConfigFile } from './file.ts';

const root = mkdtempSync(join(tmpdir(), 'duel-hostile-config-'));
mkdirSync(join(root, 'one'));
afterAll(() => rmSync(root, { recursive: true }));

const variant = (more = '') =>
  `variants:\n  - { name: a, source: one, build: python, runtime: python3.13, handler: handler.handler${more} }`;

function faultsIn(yaml: string): string {
  const file = join(root, 'benchmark.yml');
  writeFileSync(file, yaml);
  try {
    readConfigFile(file, root);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
}

const letters = [...'bcdefghijklmnopqrstuvw'];
const laughs = letters.map((letter, index) => {
  const before = letters[index - 1] ?? 'a';
  return `${letter}: &${letter} [*${before}, *${before}, *${before}]`;
});

it.each([
  ['is nested deeper than the parser goes', '['.repeat(20_000) + ']'.repeat(20_000), /nested 20000 deep/],
  ['is nested in blocks', `${'- '.repeat(3000)}x`, /nested/],
  ['is nested in keys', `${'? '.repeat(3000)}x`, /nested/],
  ['multiplies itself by aliases', ['a: &a [x]', ...laughs].join('\n'), /alias/i],
  ['has an alias of nothing', `${variant()}\nregion: *nowhere`, /alias/i],
  [
    'sends a body that holds itself',
    `${variant()}\nrequest: { method: POST, body: &b { x: *b } }`,
    /JSON cannot say it/,
  ],
  ['has a variable that is no name', variant(', environment: { "A=B": c }'), /environment/],
  ['has a NUL in a variable', variant(', environment: { A: "b\\0c" }'), /NUL/],
  ['has a line break in a handler', variant().replace('handler.handler', '"a\\nb"'), /control characters/],
  [
    'sends a header that breaks the line',
    `${variant()}\nrequest: { headers: { a: "b\\r\\nc: d" } }`,
    /printable ASCII/,
  ],
  ['sends a header without a name', `${variant()}\nrequest: { headers: { "a b": c } }`, /headers/],
  ['sends a path with a space', `${variant()}\nrequest: { path: "/a b" }`, /no spaces/],
  ['has a region that is another host', `${variant()}\nregion: evil.example/`, /us-east-1/],
])('refuses a config that %s', (_, yaml, words) => {
  expect(faultsIn(yaml)).toMatch(words);
});

it('lets variants share what an anchor names', () => {
  expect(
    faultsIn(
      `${variant(', environment: &e { A: b }')}\n  - { name: b, source: one, build: python, runtime: python3.13, handler: h.h, environment: *e }`,
    ),
  ).toBe('none');
});

it('refuses a budget that is without end', () => {
  expect(() => parseArguments(['--budget-usd', '9'.repeat(400)])).toThrow(ConfigError);
});
