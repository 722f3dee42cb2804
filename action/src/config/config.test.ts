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
      parseArguments(['--profile', 'quick', '--seed', '1.5', '--variants', ',']),
    );
    expect(message).toContain('"quick"');
    expect(message).toContain('--seed');
    expect(message).toContain('--variants names no variant');
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

describe('a function of the user', () => {
  const own = (rest: string) =>
    `variants:\n${variant('a')}\n  - { name: b, source: two, runtime: provided.al2023, handler: bootstrap, ${rest} }\n`;

  it('is built by a command and gets permissions', () => {
    const [, b] = resolved(
      own(
        'build: command, command: { run: make, package: out.zip }, permissions: [{ actions: ["sqs:SendMessage"], resources: ["*"] }]',
      ),
    ).variants;
    expect(b).toMatchObject({
      command: { run: 'make', package: 'out.zip' },
      permissions: [{ actions: ['sqs:SendMessage'], resources: ['*'] }],
    });
  });

  it('has a command exactly when it is built by one', () => {
    expect(faultOf(() => resolved(own('build: command'))).message).toMatch(/line 3: .*names none/);
    const stray = own('build: go, command: { run: make, package: out.zip }');
    expect(faultOf(() => resolved(stray)).message).toMatch(/line 3: .*built as go/);
  });

  it('is sent what the config says, a mapping as JSON', () => {
    const yaml = `variants:\n${variant('a')}\n${variant('b')}\n`;
    expect(resolved(yaml)).not.toHaveProperty('request');
    expect(resolved(`${yaml}request: { method: POST, path: /x, body: { n: 1 } }\n`).request).toEqual({
      method: 'POST',
      path: '/x',
      headers: { 'content-type': 'application/json' },
      body: '{"n":1}',
    });
    expect(resolved(`${yaml}request: { method: PUT, body: plain }\n`).request).toEqual({
      ...{ method: 'PUT', path: '/', headers: {}, body: 'plain' },
    });
    const fault = faultOf(() => resolved(`${yaml}request: { body: plain }\n`));
    expect(fault.message).toMatch(/line 4: request: a GET request has no body; give method: POST/);
  });
});

describe('a matrix', () => {
  const two = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;

  it('makes every variant several, and compares them cell by cell', () => {
    const { variants, pairs } = resolved(`${two}matrix: { memory: [512, 1024] }\n`);
    expect(variants.map(({ name, cellOf, memoryMb }) => [name, cellOf, memoryMb])).toEqual([
      ['a-512', 'a', 512],
      ['a-1024', 'a', 1024],
      ['b-512', 'b', 512],
      ['b-1024', 'b', 1024],
    ]);
    expect(pairs).toEqual([
      { base: 'a-512', head: 'b-512' },
      { base: 'a-1024', head: 'b-1024' },
    ]);
  });

  it('is of memory and architecture', () => {
    const { variants } = resolved(`${two}matrix: { memory: [512], architecture: [x86_64, arm64] }\n`);
    expect(variants.map(({ name }) => name)).toEqual([
      'a-512-x86',
      'a-512-arm64',
      'b-512-x86',
      'b-512-arm64',
    ]);
  });

  it('can sweep one variant alone, whose first cell the others are held against', () => {
    const one = `variants:\n${variant('a')}\n`;
    expect(resolved(`${one}matrix: { memory: [512, 1024, 1769] }\n`).pairs).toEqual([
      { base: 'a-512', head: 'a-1024' },
      { base: 'a-512', head: 'a-1769' },
    ]);
    expect(faultOf(() => resolved(one)).remedy).toContain('--base REF');
    expect(faultOf(() => resolved(`${one}matrix: { memory: [512, 512] }\n`)).message).toContain('alone');
  });

  it('may be one variant alone where a base or a control is to be compared with it', () => {
    const one = `variants:\n${variant('a')}\n`;
    expect(resolved(one, '--base', 'main')).toMatchObject({ baseRef: 'main', pairs: [] });
    expect(resolved(one, '--control').pairs).toEqual([{ base: 'a', head: 'a-control' }]);
    expect(resolved(`${one}${variant('b', 'two')}\n`, '--variants', 'b', '--base', 'main').pairs).toEqual([]);
  });

  it('has names that a function may have', () => {
    const long = `variants:\n${variant('a'.repeat(38))}\n${variant('b')}\nmatrix: { memory: [512] }\n`;
    expect(faultOf(() => resolved(long)).message).toMatch(/name of 42 characters; 39 are allowed/);
  });

  it('has a control that is no cell', () => {
    const { variants } = resolved(`${two}matrix: { memory: [512, 1024] }\n`, '--control');
    expect(variants.at(-1)).toMatchObject({ name: 'a-512-control', memoryMb: 512 });
    expect(variants.at(-1)).not.toHaveProperty('cellOf');
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

describe('a duration', () => {
  const yaml = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;

  it('is minutes of a soak, and whole blocks of any other profile', () => {
    expect(resolved(yaml, '--profile', 'soak', '--duration', '1h30m').profile.blocks).toBe(90);
    expect(resolved(yaml, '--duration', '204s').profile).toMatchObject({ blocks: 20, slotSeconds: 5 });
    expect(resolved(yaml, '--duration', '200s', '--base', 'main').profile.blocks).toBe(10);
    expect(resolved(yaml, '--profile', 'soak').profile.blocks).toBe(120);
  });

  it('goes before the blocks of the config', () => {
    const config = resolved(`${yaml}load: { blocks: 30, slotSeconds: 10 }\n`, '--duration', '5m');
    expect(config.profile).toMatchObject({ blocks: 15, slotSeconds: 10 });
  });

  it('is refused where it gives no verdict or more blocks than the test can hold, with what is allowed', () => {
    const short = faultOf(() => resolved(yaml, '--profile', 'soak', '--duration', '7m'));
    expect(short.message).toBe('--duration 7m makes 7 blocks of 1m; a run has 8 to 1000.');
    expect(short.remedy).toContain('give 8m to 16h40m,');
    expect(faultOf(() => resolved(yaml, '--duration', '3h')).message).toContain('makes 1080 blocks of 10s');
  });

  it('is a length of time', () => {
    for (const wrong of ['', '2', 'h', '2 h', '-1h', '1.5h', '30m1h', '2H', '1e3s'])
      expect(faultOf(() => parseArguments([`--duration=${wrong}`])).message).toBe(
        `--duration "${wrong}" is no length of time such as 2h, 90m, 1h30m or 45s.`,
      );
    expect(parseArguments(['--duration', '2h']).durationMs).toBe(7_200_000);
    expect(parseArguments(['--duration', '1h1m1s']).durationMs).toBe(3_661_000);
  });

  it('is at most four hours on AWS, where what was deployed has an end', () => {
    const aws = ['--target', 'aws', '--duration'];
    expect(faultOf(() => parseArguments([...aws, '4h1m'])).message).toContain('deleted 6h after it began');
    expect(parseArguments([...aws, '4h']).durationMs).toBe(14_400_000);
    expect(parseArguments(['--duration', '5h']).durationMs).toBe(18_000_000);
  });
});

describe('a start', () => {
  const yaml = `variants:\n${variant('a')}\n${variant('b', 'two')}\n`;

  it('is a moment with its zone', () => {
    expect(resolved(yaml, '--start-at', '2026-01-02T04:30:05Z').startAtMs).toBe(
      Date.UTC(2026, 0, 2, 4, 30, 5),
    );
    expect(resolved(yaml, '--start-at', '2026-01-02T05:30+02:00').startAtMs).toBe(
      Date.UTC(2026, 0, 2, 3, 30),
    );
    for (const wrong of ['18:30', '2026-01-02T04:30:00', '2026-13-02T04:30:00Z', 'tomorrow'])
      expect(faultOf(() => parseArguments([`--start-at=${wrong}`])).message).toContain(
        'no moment with its zone',
      );
  });

  it('lies within two hours: a moment that is just over is for the load to tell', () => {
    const fault = faultOf(() => resolved(yaml, '--start-at', '2026-01-03T03:00:00Z'));
    expect(fault.message).toBe(
      '--start-at 2026-01-03T03:00:00.000Z is more than 2 hours away: it is 2026-01-02T03:04:05.000Z now.',
    );
    expect(faultOf(() => resolved(yaml, '--start-at', '2026-01-01T03:00:00Z')).message).toContain('away');
    expect(resolved(yaml, '--start-at', '2026-01-02T03:00:00Z').startAtMs).toBe(Date.UTC(2026, 0, 2, 3));
  });

  it('is as soon as all is ready when nobody says otherwise', () => {
    expect(resolved(yaml)).not.toHaveProperty('startAtMs');
  });
});
