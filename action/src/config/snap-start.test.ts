import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';
import { resolveConfig } from './config.ts';
import { profileNamed } from './profiles.ts';
import { hasSnapStart, tooManyVersions, versionsNeeded } from './snap-start.ts';

const WITH = ['python3.12', 'python3.13', 'java11', 'java17.al2023', 'java25', 'dotnet8', 'dotnet10'];
const WITHOUT = [
  ...['python3.9', 'python3.11', 'python2.7', 'java8', 'java8.al2', 'dotnet6', 'dotnetcore3.1'],
  ...['nodejs24.x', 'ruby3.4', 'provided.al2023', 'go1.x', 'python', 'constructor1', ''],
];

describe('SnapStart', () => {
  it.each(WITH)('is there for %s', (runtime) => {
    expect(hasSnapStart(runtime)).toBe(true);
  });

  it.each(WITHOUT)('is not there for %s', (runtime) => {
    expect(hasSnapStart(runtime)).toBe(false);
  });

  it('needs a version for the pilot and one for every block that is a function’s turn', () => {
    expect(versionsNeeded(profileNamed('soak', 2))).toBe(2);
    expect(versionsNeeded({ ...profileNamed('cold', 2), blocks: 12 })).toBe(7);
    expect(versionsNeeded({ ...profileNamed('cold', 2), blocks: 13 })).toBe(8);
  });

  it('is refused where environments are replaced more often than versions can be published', () => {
    const variants = [{ name: 'plain' }, { name: 'quick', snapStart: true }];
    const fault = tooManyVersions(variants, profileNamed('pr', 2));
    expect(fault?.message).toBe(
      'Profile pr replaces environments in each of its 30 blocks; with SnapStart (quick) at most 20 blocks are allowed, because Lambda takes minutes to publish the version that each needs.',
    );
    expect(fault?.remedy).toContain('load.blocks to 20 or less');
    expect(tooManyVersions(variants, { ...profileNamed('pr', 2), blocks: 20 })).toBeNull();
    expect(tooManyVersions(variants, profileNamed('soak', 2))).toBeNull();
    expect(tooManyVersions([{ name: 'plain' }], profileNamed('pr', 2))).toBeNull();
  });
});

describe('a config with SnapStart', () => {
  const root = mkdtempSync(join(tmpdir(), 'duel-snap-start-'));
  mkdirSync(join(root, 'one'));
  afterAll(() => rmSync(root, { recursive: true }));

  const variant = (name: string, rest: string) =>
    `  - { name: ${name}, source: one, build: zip, handler: a.b, ${rest} }\n`;
  const resolved = (second: string, ...argv: string[]) => {
    const first = variant('plain', 'runtime: python3.13');
    writeFileSync(join(root, 'benchmark.yml'), `variants:\n${first}${variant('quick', second)}`);
    const args = parseArguments(['--config', 'benchmark.yml', ...argv]);
    return resolveConfig(args, { root, cwd: root, now: new Date('2026-01-02T03:04:05Z') });
  };

  it('has it in the variant that asks for it, and is off by default', () => {
    const [plain, quick] = resolved('runtime: python3.13, snapStart: true').variants;
    expect(plain).not.toHaveProperty('snapStart');
    expect(quick).toMatchObject({ snapStart: true });
    const [, off] = resolved('runtime: python3.13, snapStart: false').variants;
    expect(off).not.toHaveProperty('snapStart');
  });

  it('is told where it asks for it with a runtime that has none, and what has', () => {
    expect(() => resolved('runtime: provided.al2023, snapStart: true')).toThrow(
      /line 3: variants\.1\.snapStart: variant "quick" has snapStart and runtime provided\.al2023; Lambda has it for java11, python3\.12, dotnet8 and newer; leave it out/,
    );
    expect(resolved('runtime: provided.al2023, snapStart: false').variants).toHaveLength(2);
  });

  it('cannot be measured on AWS by a profile with too many blocks', () => {
    const quick = 'runtime: python3.13, snapStart: true';
    expect(() => resolved(quick, '--target', 'aws')).toThrow('with SnapStart (quick) at most 20 blocks');
    expect(resolved(quick, '--target', 'aws', '--profile', 'smoke').profile.blocks).toBe(8);
    expect(resolved(quick, '--target', 'aws', '--profile', 'soak').variants).toHaveLength(3);
  });

  it('is there as an example, for a run of cold starts on AWS', () => {
    const repository = resolve(import.meta.dirname, '../../..');
    const argv = ['--config', '.github/snap-start.yml', '--target', 'aws', '--profile', 'cold'];
    const place = { root: repository, cwd: repository, now: new Date('2026-01-02T03:04:05Z') };
    const { variants, profile } = resolveConfig(parseArguments(argv), place);
    expect(variants.filter(({ snapStart }) => snapStart === true).map(({ name }) => name)).toEqual([
      'python-snapstart',
    ]);
    expect(profile).toMatchObject({ name: 'cold', blocks: 12 });
  });
});
