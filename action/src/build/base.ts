/** Head against base: the same variants, built from another commit and measured in the same blocks. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { execa } from 'execa';
import { BuildError, ConfigError } from '../errors.ts';
import { leftBehind } from '../left-behind.ts';
import { type Artifact, baseNameOf, type Config, isSameFunction, type Pair, type Variant } from '../model.ts';

/** A commit's files beside the work tree's; disposing of it removes them. */
export interface BaseCheckout extends AsyncDisposable {
  readonly commit: string;
  /** Absolute path of a folder with the commit's files. */
  readonly folder: string;
}

/**
 * Checks a commit out into a git worktree of its own; the user's work tree and index stay as they are.
 *
 * @param ref name of the commit, as git knows it; `main...HEAD` for where HEAD left main.
 * @param cacheDir an ignored folder inside or outside of the repository.
 * @throws ConfigError when `root` has no such commit, BuildError when git cannot check it out.
 */
export async function checkOutBase(root: string, ref: string, cacheDir: string): Promise<BaseCheckout> {
  const commit = await commitOf(root, ref);
  await mkdir(cacheDir, { recursive: true });
  await sweep(cacheDir);
  await git(root, 'worktree', 'prune');
  const folder = await mkdtemp(join(cacheDir, `base-${process.pid}-`));
  const dispose = async () => {
    await rm(folder, { recursive: true, force: true });
    await git(root, 'worktree', 'prune');
  };
  const { exitCode, stderr } = await git(root, 'worktree', 'add', '--detach', '--force', folder, commit);
  if (exitCode === 0) return { commit, folder, [Symbol.asyncDispose]: dispose };
  await dispose();
  throw new BuildError(`git cannot check out ${ref}: ${stderr}`, 'Mend what git names and run again.');
}

/** Removes what runs that were killed outright have left. */
async function sweep(cacheDir: string): Promise<void> {
  // What is somebody else's stays, and stops nobody.
  for (const name of await leftBehind(cacheDir, /^base-(\d+)-/))
    await rm(join(cacheDir, name), { recursive: true, force: true }).catch(() => {});
}

/** As in `git diff`, `main...HEAD` is the commit where HEAD left main. */
async function commitOf(root: string, ref: string): Promise<string> {
  if (ref.includes('\0')) throw noBase(ref, 'is no commit that this repository has'); // no argument can have it
  const [one, other] = ref.split('...');
  const { exitCode, stdout } =
    other === undefined
      ? await git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)
      : await git(root, 'merge-base', '--end-of-options', one!, other || 'HEAD');
  if (exitCode === 0) return stdout;
  // git-merge-base ends with 1 when both are there and have nothing in common, as in a clone that is cut off.
  const fact =
    other !== undefined && exitCode === 1
      ? 'has no commit where the two parted'
      : 'is no commit that this repository has';
  throw noBase(ref, fact);
}

const noBase = (ref: string, fact: string) =>
  new ConfigError(`--base ${JSON.stringify(ref)} ${fact}.`, FETCH);

const FETCH =
  'Give a commit, branch or tag that was fetched; in GitHub Actions, check out with `fetch-depth: 0`.';

const git = (cwd: string, ...args: string[]) => execa('git', args, { cwd, reject: false });

/**
 * The config with every variant a second time, from the base commit, and a pair of base and head for each. A variant
 * that the base commit does not have is new: it has no base. A control of the work tree's variant is not doubled.
 *
 * @param isThere whether a variant, its source in the base's folder, can be built at all.
 * @throws ConfigError when a variant already has the name that a base would get.
 */
export async function withBase(
  config: Config,
  base: Pick<BaseCheckout, 'folder'>,
  isThere: (variant: Variant) => Promise<boolean>,
): Promise<Config> {
  const doubled = config.variants.filter(
    (variant, index) => isIn(config.root, variant.source) && !isCopy(config.variants, index),
  );
  const bases: Variant[] = [];
  for (const variant of doubled) {
    const candidate = baseOf(variant, config, base.folder);
    if (existsSync(candidate.source) && (await isThere(candidate))) bases.push(candidate);
  }
  const pairs = doubled
    .map(({ name }) => ({ base: baseNameOf(name), head: name }))
    .filter((pair) => bases.some(({ name }) => name === pair.base));
  return { ...config, variants: [...config.variants, ...bases], pairs: [...config.pairs, ...pairs] };
}

function baseOf(variant: Variant, config: Config, folder: string): Variant {
  const name = baseNameOf(variant.name);
  if (config.variants.some((other) => other.name === name)) {
    throw new ConfigError(
      `The config has a variant "${name}", which is the name of the base of "${variant.name}".`,
      'Give that variant another name.',
    );
  }
  return {
    ...variant,
    name,
    ...(variant.cellOf !== undefined && { cellOf: baseNameOf(variant.cellOf) }),
    source: rerooted(config.root, variant.source, folder),
  };
}

/** The same function under a second name, such as a control. */
function isCopy(variants: readonly Variant[], index: number): boolean {
  const same = ({ name: _, cellOf: __, ...rest }: Variant) => JSON.stringify(rest);
  return variants.findIndex((variant) => same(variant) === same(variants[index]!)) < index;
}

function rerooted(root: string, source: string, folder: string): string {
  return join(folder, relative(root, source));
}

function isIn(root: string, path: string): boolean {
  const way = relative(root, path);
  return !way.startsWith('..') && !isAbsolute(way);
}

export interface Changed {
  readonly config: Config;
  readonly artifacts: readonly Artifact[];
  /** Variants whose package is the same in base and head: nothing of theirs can have become slower. */
  readonly unchanged: readonly string[];
}

/**
 * Leaves out the bases of variants that did not change, because they would cost blocks and tell nothing; unless no pair
 * of the run is a control yet: then the first of them stays and is one, by being the same bytes.
 */
export function withoutUnchanged(config: Config, artifacts: readonly Artifact[]): Changed {
  const built = new Map(artifacts.map((artifact) => [artifact.variant.name, artifact]));
  const isSame = ({ base, head }: Pair) => isSameFunction(built.get(base)!, built.get(head)!);
  const same = config.pairs.filter((pair) => pair.base === baseNameOf(pair.head) && isSame(pair));
  const controlled = config.pairs.some((pair) => !same.includes(pair) && isSame(pair));
  const dropped = new Set((controlled ? same : same.slice(1)).map(({ base }) => base));
  return {
    config: {
      ...config,
      variants: config.variants.filter(({ name }) => !dropped.has(name)),
      pairs: config.pairs.filter(({ base }) => !dropped.has(base)),
    },
    artifacts: artifacts.filter(({ variant }) => !dropped.has(variant.name)),
    unchanged: same.map(({ head }) => head),
  };
}
