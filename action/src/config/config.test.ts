import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import { resolveConfig } from './config.ts';

const root = mkdtempSync(join(tmpdir(), 'duel-config-'));
mkdirSync(join(root, 'one'));
mkdirSync(join(root, 'two'));
afterAll(() => rmSync(root, { recursive: true }));

const variant = (name: string, source = 'one') =>
  `  - { name: ${name}, source: ${source}, build: python, runtime: python3.13, handler: handler.handler }`;

function resolved(yaml: string, ...argv: string[]) {
  writeFileSync(join(root, 'benchmark.yml'), yaml);
  return resolveConfig(parseArguments(['--config', 'benchmark.yml', ...argv]), {
    root,
    cwd: root,
    now: new Date('2026-01-02T03:04:05Z'),
  });
}

function faultOf(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('the command line', () => {
  it('means the pr profile when bare', () => {
    expect(parseArguments([])).toMatchObject({
      profile: 'pr',
      config: null,
      out: null,
      seed: null,
      json: false,
    });
  });

  it('names an unknown option and shows the usage', () => {
    const fault = faultOf(() => parseArguments(['--profil', 'smoke']));
    expect(fault.message).toContain('--profil');
    expect(fault.remedy).toContain('Usage: npm run bench');
    expect(fault.exitCode).toBe(2);
  });

  it('reports all wrong values at once', () => {
    const { message } = faultOf(() =>
      parseArguments(['--profile', 'quick', '--seed', '1.5', '--variants', 'a']),
    );
    expect(message).toContain('"quick"');
    expect(message).toContain('--seed');
    expect(message).toContain('--variants "a"');
  });
});

describe('the config file', () => {
  it('becomes variants, pairs and a profile', () => {
    const config = resolved(
      `variants:\n${variant('a')}\n${variant('b', 'two')}\nload: { rate: 20, blocks: 9 }\n`,
      '--seed',
      '7',
      '--profile',
      'smoke',
    );
    expect(config.variants.map((v) => [v.name, v.source, v.memoryMb, v.timeoutSeconds])).toEqual([
      ['a', join(root, 'one'), 1769, 10],
      ['b', join(root, 'two'), 1769, 10],
    ]);
    expect(config.pairs).toEqual([{ base: 'a', head: 'b' }]);
    expect(config.profile).toMatchObject({ name: 'smoke', rate: 20, blocks: 9, slotSeconds: 2.5 });
    expect(config.seed).toBe(7);
    expect(config.outDir).toBe(join(root, 'reports/local/20260102-030405-smoke'));
  });

  it('compares the first variant with each other one when no pairs are given, whatever their number', () => {
    const config = resolved(`variants:\n${variant('a')}\n${variant('b')}\n${variant('c')}\n`);
    expect(config.pairs).toEqual([
      { base: 'a', head: 'b' },
      { base: 'a', head: 'c' },
    ]);
  });

  it('keeps only the chosen variants and the pairs among them', () => {
    const yaml = `variants:\n${variant('a')}\n${variant('b')}\n${variant('c')}\npairs:\n  - { base: c, head: b }\n  - { base: a, head: b }\n`;
    const config = resolved(yaml, '--variants', 'b,c');
    expect(config.variants.map((v) => v.name)).toEqual(['b', 'c']);
    expect(config.pairs).toEqual([{ base: 'c', head: 'b' }]);
  });

  it('says which variants exist when --variants names another', () => {
    const fault = faultOf(() =>
      resolved(`variants:\n${variant('a')}\n${variant('b')}\n`, '--variants', 'a,z'),
    );
    expect(fault.message).toContain('"z"');
    expect(fault.remedy).toContain('a, b');
  });

  it('reports several faults of shape at once, each with its line', () => {
    const { message, exitCode } = faultOf(() =>
      resolved(`variants:\n${variant('Bad_Name')}\n${variant('b').replace('python,', 'make,')}\nspeed: 3\n`),
    );
    expect(message).toMatch(/has 3 faults/);
    expect(message).toMatch(/line 2: variants\.0\.name/);
    expect(message).toMatch(/line 3: variants\.1\.build/);
    expect(message).toContain('speed');
    expect(exitCode).toBe(2);
  });

  it('reports names used twice, missing folders and dangling pairs at once', () => {
    const { message } = faultOf(() =>
      resolved(
        `variants:\n${variant('a')}\n${variant('a', 'nowhere')}\npairs:\n  - { base: a, head: zed }\n  - { base: a, head: a }\n`,
      ),
    );
    expect(message).toMatch(/line 3: variants\.1\.name: the name "a" is used twice/);
    expect(message).toMatch(/line 3: variants\.1\.source: the source "nowhere"/);
    expect(message).toMatch(/line 5: pairs\.0\.head: there is no variant "zed"/);
    expect(message).toMatch(/line 6: pairs\.1: "a" is compared with itself/);
  });

  it('gives the line of a YAML syntax error', () => {
    expect(faultOf(() => resolved('variants: [\n  {')).message).toMatch(/line 2/);
  });

  it('says when the file cannot be read', () => {
    const fault = faultOf(() =>
      resolveConfig(parseArguments(['--config', 'none.yml']), { root, cwd: root, now: new Date() }),
    );
    expect(fault.message).toContain('none.yml');
    expect(fault.remedy).toContain('--config');
  });
});

describe('a control', () => {
  const yaml = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;

  it('is the first variant once more, compared with it', () => {
    const { variants, pairs } = resolved(yaml, '--control');
    expect(variants.map(({ name }) => name)).toEqual(['a', 'b', 'a-control']);
    expect({ ...variants[2], name: 'a' }).toEqual(variants[0]);
    expect(pairs).toEqual([
      { base: 'a', head: 'b' },
      { base: 'a', head: 'a-control' },
    ]);
  });

  it('always belongs to a soak, whose blocks stay one minute long', () => {
    const { variants, profile } = resolved(yaml, '--profile', 'soak');
    expect(variants.map(({ name }) => name)).toContain('a-control');
    expect(profile.slotSeconds * variants.length).toBe(60);
  });

  it('needs its name for itself', () => {
    const taken = `${yaml}${variant('a-control', 'two')}\n`;
    expect(faultOf(() => resolved(taken, '--control')).message).toContain('"a-control"');
  });
});

describe('a base', () => {
  it('is a git name that is looked up later', () => {
    const yaml = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;
    expect(resolved(yaml, '--base', 'origin/main').baseRef).toBe('origin/main');
    expect(resolved(yaml).baseRef).toBeNull();
  });

  it('is refused where it makes no sense', () => {
    expect(faultOf(() => parseArguments(['--base', 'main', '--profile', 'soak'])).message).toContain(
      '--base',
    );
    expect(faultOf(() => parseArguments(['--base=--upload-pack=x'])).message).toContain('--upload-pack');
    expect(faultOf(() => parseArguments(['--base='])).message).toContain('--base ""');
  });
});

it('judges once, at the end, unless told that it may stop early', () => {
  const yaml = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;
  expect(resolved(yaml).earlyStop).toBe(false);
  expect(resolved(yaml, '--early-stop').earlyStop).toBe(true);
});
