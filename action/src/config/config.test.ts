import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { faultOf, resolved, root, TWO, variant } from './config.fixture.ts';
import { resolveConfig } from './config.ts';

describe('the config file', () => {
  it('becomes variants, pairs and a profile', () => {
    const config = resolved(`${TWO}load: { rate: 20, blocks: 9 }\n`, '--seed', '7', '--profile', 'smoke');
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

  it('gives a smoke run as many blocks as its pairs need, those with a base too', () => {
    const three = `${TWO}${variant('c')}\n`;
    const smoke = (yaml: string, ...argv: string[]) =>
      resolved(yaml, '--profile', 'smoke', ...argv).profile.blocks;
    expect(smoke(TWO)).toBe(8);
    expect(smoke(three)).toBe(9);
    expect(smoke(`${three}pairs: [{ base: a, head: b }]\n`)).toBe(8);
    expect(smoke(TWO, '--base', 'HEAD~1')).toBe(10);
    expect(smoke(`${three}load: { blocks: 8 }\n`)).toBe(8);
  });

  it('opens slots on AWS with more environments, whose machines are not one, unless told otherwise', () => {
    const environments = (yaml: string, ...argv: string[]) => resolved(yaml, ...argv).profile.environments;
    expect(environments(TWO)).toBe(4);
    expect(environments(TWO, '--target', 'aws')).toBe(10);
    expect(environments(TWO, '--target', 'aws', '--profile', 'cold')).toBe(1);
    expect(environments(`${TWO}load: { environments: 3 }\n`, '--target', 'aws')).toBe(3);
  });

  it('wants a rate that shards have in common, and lets the only one choose its own', () => {
    const shardOf = (part: string) => resolved(TWO, '--seed', '1', '--shard', part);
    expect(faultOf(() => shardOf('1/2')).message).toContain('Shards need one rate that is the same for all');
    expect(shardOf('1/1').profile.rate).toBe('auto');
  });

  it('opens an environment of each shard’s own deployment at least', () => {
    const rated = `${TWO}load: { rate: 20 }\n`;
    const environments = (shard: string) =>
      resolved(rated, '--seed', '1', '--shard', shard).profile.environments;
    expect(['1/3', '2/4', '8/8'].map(environments)).toEqual([4, 4, 8]);
    expect(
      faultOf(() => parseArguments(['--profile', 'cold', '--seed', '1', '--shard', '1/2'])).message,
    ).toContain('--profile cold sends one request at a time, which --shard cannot share');
  });

  it('lets a config say how often cold starts are made, and nothing that would make them warm', () => {
    const load = 'load: { blocks: 5, environments: 4, warmup: 20, slotSeconds: 9, rate: 7 }\n';
    const usual = resolved(TWO, '--profile', 'cold').profile;
    expect(resolved(`${TWO}${load}`, '--profile', 'cold').profile).toEqual({ ...usual, blocks: 5 });
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
    expect(resolved(TWO)).not.toHaveProperty('request');
    expect(resolved(`${TWO}request: { method: POST, path: /x, body: { n: 1 } }\n`).request).toEqual({
      method: 'POST',
      path: '/x',
      headers: { 'content-type': 'application/json' },
      body: '{"n":1}',
    });
    expect(resolved(`${TWO}request: { method: PUT, body: plain }\n`).request).toEqual({
      ...{ method: 'PUT', path: '/', headers: {}, body: 'plain' },
    });
    const fault = faultOf(() => resolved(`${TWO}request: { body: plain }\n`));
    expect(fault.message).toMatch(/line 4: request: a GET request has no body; give method: POST/);
  });
});

describe('a base', () => {
  it('is a git name that is looked up later', () => {
    expect(resolved(TWO, '--base', 'origin/main').baseRef).toBe('origin/main');
    expect(resolved(TWO).baseRef).toBeNull();
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
  expect(resolved(TWO).earlyStop).toBe(false);
  expect(resolved(TWO, '--early-stop').earlyStop).toBe(true);
});

describe('a start', () => {
  it('is a moment with its zone', () => {
    expect(resolved(TWO, '--start-at', '2026-01-02T04:30:05Z').startAtMs).toBe(
      Date.UTC(2026, 0, 2, 4, 30, 5),
    );
    expect(resolved(TWO, '--start-at', '2026-01-02T05:30+02:00').startAtMs).toBe(Date.UTC(2026, 0, 2, 3, 30));
    for (const wrong of ['18:30', '2026-01-02T04:30:00', '2026-13-02T04:30:00Z', 'tomorrow'])
      expect(faultOf(() => parseArguments([`--start-at=${wrong}`])).message).toContain(
        'no moment with its zone',
      );
  });

  it('lies within two hours: a moment that is just over is for the load to tell', () => {
    const fault = faultOf(() => resolved(TWO, '--start-at', '2026-01-03T03:00:00Z'));
    expect(fault.message).toBe(
      '--start-at 2026-01-03T03:00:00.000Z is more than 2 hours away: it is 2026-01-02T03:04:05.000Z now.',
    );
    expect(faultOf(() => resolved(TWO, '--start-at', '2026-01-01T03:00:00Z')).message).toContain('away');
    expect(resolved(TWO, '--start-at', '2026-01-02T03:00:00Z').startAtMs).toBe(Date.UTC(2026, 0, 2, 3));
  });

  it('is not over on AWS, where a shard that waited for approval would pay for a load of its own', () => {
    const fault = faultOf(() => resolved(TWO, '--target', 'aws', '--start-at', '2026-01-02T03:04:04Z'));
    expect(fault.message).toBe(
      '--start-at 2026-01-02T03:04:04.000Z is over: it is 2026-01-02T03:04:05.000Z now. Nothing was deployed.',
    );
    expect(fault.remedy).toContain('BENCH_SHARD_LEAD_MINUTES');
    const { startAtMs } = resolved(TWO, '--target', 'aws', '--start-at', '2026-01-02T03:04:06Z');
    expect(startAtMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 6));
  });

  it('is as soon as all is ready when nobody says otherwise', () => {
    expect(resolved(TWO)).not.toHaveProperty('startAtMs');
  });
});
