import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import type { Artifact, Config, Variant } from '../model.ts';
import { checkOutBase, withBase, withoutUnchanged } from './base.ts';

let root: string;
const git = (...args: string[]) =>
  execaSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root }).stdout;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'duel-base-'));
  git('init', '--quiet', '--initial-branch=main');
  write('one/handler.py', 'old');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function variant(name: string, folder = name): Variant {
  return {
    name,
    source: join(root, folder),
    build: 'python',
    runtime: 'python3.13',
    handler: 'handler.handler',
    architecture: 'x86_64',
    memoryMb: 1769,
    timeoutSeconds: 10,
    environment: {},
  };
}

const configOf = (variants: Variant[], pairs: Config['pairs'] = []) =>
  ({ root, variants, pairs }) as unknown as Config;

const always = async () => true;
const artifact = (of: Variant, sha256: string) => ({ variant: of, sha256 }) as Artifact;

describe('a base checkout', () => {
  it('holds the files of the commit, leaves the work tree alone, and is gone when disposed of', async () => {
    write('one/handler.py', 'new');
    const commit = git('rev-parse', 'HEAD');
    {
      await using base = await checkOutBase(root, 'main', join(root, '.git', 'cache'));
      expect(base.commit).toBe(commit);
      expect(readFileSync(join(base.folder, 'one', 'handler.py'), 'utf8')).toBe('old');
      expect(readFileSync(join(root, 'one', 'handler.py'), 'utf8')).toBe('new');
    }
    expect(readdirSync(join(root, '.git', 'cache'))).toEqual([]);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('removes what a killed run has left, as a folder and in git, and not what another has in use', async () => {
    const cache = join(root, '.git', 'cache');
    // One more than a process can have on Linux, and one that lives.
    const [left, used] = [join(cache, 'base-4194305-x'), join(cache, `base-${process.ppid}-x`)];
    for (const folder of [left, used]) git('worktree', 'add', '--quiet', '--detach', folder, 'main');
    await using base = await checkOutBase(root, 'main', cache);
    expect(readdirSync(cache).sort()).toEqual([base.folder, used].map((path) => basename(path)).sort());
    expect(git('worktree', 'list')).not.toContain('base-4194305-x');
  });

  it('is of where two branches parted when they are given with three dots', async () => {
    const parted = git('rev-parse', 'HEAD');
    git('checkout', '--quiet', '-b', 'topic');
    git('commit', '--quiet', '--allow-empty', '--message=mine');
    git('checkout', '--quiet', 'main');
    git('commit', '--quiet', '--allow-empty', '--message=theirs');
    await using base = await checkOutBase(root, 'main...topic', join(root, '.git', 'cache'));
    expect(base.commit).toBe(parted);
    const strangers = checkOutBase(root, `main...${'f'.repeat(40)}`, join(root, '.git', 'cache'));
    await expect(strangers).rejects.toThrow(ConfigError);
  });

  it('says so when a clone is cut off before the two parted', async () => {
    git('checkout', '--quiet', '-b', 'topic');
    git('commit', '--quiet', '--allow-empty', '--message=mine');
    git('checkout', '--quiet', 'main');
    git('commit', '--quiet', '--allow-empty', '--message=theirs');
    const shallow = join(root, '.git', 'shallow-clone');
    git('clone', '--quiet', '--depth=1', '--no-single-branch', `file://${root}`, shallow);
    const missing = checkOutBase(shallow, 'origin/main...origin/topic', join(shallow, '.git', 'cache'));
    await expect(missing).rejects.toMatchObject({
      message: '--base "origin/main...origin/topic" has no commit where the two parted.',
      remedy: expect.stringContaining('fetch-depth: 0'),
    });
  });

  it('says what to do about a commit that was not fetched', async () => {
    const missing = checkOutBase(root, 'f'.repeat(40), join(root, '.git', 'cache'));
    await expect(missing).rejects.toThrow(ConfigError);
    await expect(missing).rejects.toMatchObject({ remedy: expect.stringContaining('fetch-depth: 0') });
  });

  it.each(['--all', 'main...--all', 'main...--help', 'main...--fork-point', 'HEAD^{tree}', 'a\0b', '', ' '])(
    'takes %j for no commit, and for no option of git',
    async (ref) => {
      await expect(checkOutBase(root, ref, join(root, '.git', 'cache'))).rejects.toThrow(ConfigError);
      expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    },
  );
});

describe('a config with its base', () => {
  it('has each variant twice, and pairs base with head beside its own pairs', async () => {
    const folder = join(root, 'base');
    write('base/one/handler.py', 'old');
    write('base/two/handler.py', 'old');
    const pairs = [{ base: 'one', head: 'two' }];
    const config = await withBase(configOf([variant('one'), variant('two')], pairs), { folder }, always);
    expect(config.variants.map(({ name }) => name)).toEqual(['one', 'two', 'one-base', 'two-base']);
    expect(config.variants[2]!.source).toBe(join(folder, 'one'));
    expect(config.pairs).toEqual([
      ...pairs,
      { base: 'one-base', head: 'one' },
      { base: 'two-base', head: 'two' },
    ]);
  });

  it('has no base of a variant that is new, of a control, or from outside the repository', async () => {
    const folder = join(root, 'base');
    write('base/one/handler.py', 'old');
    const outside = { ...variant('outside'), source: tmpdir() };
    const added = { ...variant('added', 'one'), handler: 'added.handler' };
    const variants = [variant('one'), variant('new'), variant('one-control', 'one'), outside, added];
    const isThere = async ({ handler }: Variant) => handler !== 'added.handler';
    const config = await withBase(configOf(variants), { folder }, isThere);
    expect(config.variants.map(({ name }) => name).slice(5)).toEqual(['one-base']);
    expect(config.pairs).toEqual([{ base: 'one-base', head: 'one' }]);
  });

  it('refuses a config that already uses a base’s name', async () => {
    write('base/one/handler.py', 'old');
    const variants = [variant('one'), variant('one-base', 'other')];
    const refused = withBase(configOf(variants), { folder: join(root, 'base') }, always);
    await expect(refused).rejects.toThrow('"one-base"');
  });
});

describe('variants that did not change', () => {
  const names = ['one', 'two', 'one-base', 'two-base'];
  const pairs = [
    { base: 'one', head: 'two' },
    { base: 'one-base', head: 'one' },
    { base: 'two-base', head: 'two' },
  ];

  function left(shas: string[], extra: Config['pairs'] = []) {
    const variants = names.map((name) => variant(name));
    const artifacts = variants.map((of, index) => artifact(of, shas[index]!));
    const { config, unchanged } = withoutUnchanged(configOf(variants, [...pairs, ...extra]), artifacts);
    return { names: config.variants.map(({ name }) => name), pairs: config.pairs, unchanged };
  }

  it('cost no blocks: only the base of the changed one runs, and one as the control', () => {
    expect(left(['a', 'b', 'a', 'old b'])).toMatchObject({ names, unchanged: ['one'] });
    expect(left(['a', 'b', 'a', 'b'])).toMatchObject({
      names: ['one', 'two', 'one-base'],
      pairs: pairs.slice(0, 2),
      unchanged: ['one', 'two'],
    });
  });

  it('are all left out when the run has another control', () => {
    const control = [{ base: 'one', head: 'one' }];
    expect(left(['a', 'b', 'a', 'b'], control)).toMatchObject({ names: ['one', 'two'] });
  });

  it('keep one base as the control when another pair is the same bytes with another handler', () => {
    const variants = names.map((name) => ({ ...variant(name), handler: `${name.slice(0, 3)}.handler` }));
    const artifacts = variants.map((of) => artifact(of, 'a'));
    const { config } = withoutUnchanged(configOf(variants, pairs), artifacts);
    expect(config.pairs).toEqual(pairs.slice(0, 2));
  });

  it('is nothing when every variant changed', () => {
    expect(left(['a', 'b', 'old a', 'old b'])).toMatchObject({ names, pairs, unchanged: [] });
  });
});
