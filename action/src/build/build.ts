import { join } from 'node:path';
import pLimit from 'p-limit';
import { ConfigError } from '../errors.ts';
import type { Artifact, BuildKind, Config, Variant } from '../model.ts';
import type { Progress } from '../progress.ts';
import { Cache, type StoredPackage } from './cache.ts';
import { prepareCargoLambda } from './cargo-lambda.ts';
import { prepareCommand } from './command.ts';
import { fingerprint } from './fingerprint.ts';
import { prepareGo } from './go.ts';
import { prepareMaturin } from './maturin.ts';
import { prepareNode } from './node.ts';
import type { BuildPlatform } from './platform.ts';
import { preparePython } from './python.ts';
import type { BuildContext, BuildTools, Prepare, Recipe } from './recipe.ts';
import { prepareZip } from './zip.ts';

export interface BuildOptions {
  /** Where the packages will run: `awsLambda` or `thisMachine`. */
  readonly platform: BuildPlatform;
  readonly tools: BuildTools;
  /** Packages are kept in `<cacheDir>/build/`. */
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Before a download is tried again, ms; for tests that are in a hurry. */
  readonly retryAfterMs?: number;
}

const prepare: Readonly<Record<BuildKind, Prepare>> = {
  python: preparePython,
  node: prepareNode,
  go: prepareGo,
  'cargo-lambda': prepareCargoLambda,
  maturin: prepareMaturin,
  zip: prepareZip,
  command: prepareCommand,
};

/**
 * Makes every variant's deployment package, side by side; one that did not change is taken from the cache, and
 * variants that would get the same package share it.
 *
 * @throws ConfigError or BuildError, the first there is, when the other builds have been ended; the signal's reason
 * when aborted
 */
export async function build(config: Pick<Config, 'variants'>, options: BuildOptions): Promise<Artifact[]> {
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const cache = new Cache(join(options.cacheDir, 'build'));
  const made = new Map<string, Promise<StoredPackage>>();
  const builds = config.variants.map(async (variant) => {
    const artifact = buildVariant(variant, cache, made, { ...options, signal });
    return artifact.catch((error: unknown) => failure.abort(error));
  });
  const artifacts = await Promise.all(builds);
  signal.throwIfAborted();
  await cache.prune();
  return artifacts as Artifact[];
}

/** Whether a variant is all there: its folder, its handler, its manifest. Builds nothing. */
export async function isBuildable(variant: Variant, options: BuildOptions): Promise<boolean> {
  try {
    await recipeOf(variant, await contextOf(variant, options, () => {}));
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/**
 * Whether a variant's package would be taken from the cache. Builds nothing.
 *
 * @throws ConfigError when it is not all there, BuildError when a tool is not
 */
export async function isCached(variant: Variant, options: BuildOptions): Promise<boolean> {
  const { key } = await plan(variant, options, () => {});
  return (await new Cache(join(options.cacheDir, 'build')).find(key)) !== null;
}

async function buildVariant(
  variant: Variant,
  cache: Cache,
  made: Map<string, Promise<StoredPackage>>,
  options: BuildOptions,
): Promise<Artifact> {
  const say = (message: string) => options.progress.line(`build ${variant.name}`, message);
  const { key, recipe, context } = await plan(variant, options, say);
  if (!made.has(key)) made.set(key, findOrMake(key, recipe, cache, context));
  const built = await made.get(key)!;
  say(summary(built));
  return { variant, ...built };
}

async function contextOf(
  variant: Variant,
  options: BuildOptions,
  say: BuildContext['say'],
): Promise<BuildContext> {
  return { ...options, platform: await options.platform(variant), env: variant.buildEnvironment ?? {}, say };
}

async function recipeOf(variant: Variant, context: BuildContext): Promise<Recipe> {
  const recipe = await prepare[variant.build](variant, context);
  const variables = Object.entries(context.env).map(([name, value]) => `${name}=${value}`);
  return { ...recipe, flags: [...recipe.flags, ...variables.sort()] };
}

/** What a variant's package is made of, and its name in the cache. */
async function plan(variant: Variant, options: BuildOptions, say: (message: string) => void) {
  const context = await contextOf(variant, options, say);
  const recipe = await recipeOf(variant, context);
  const hash = await fingerprint(variant.build, recipe, context.platform);
  return { context, recipe, key: `${variant.build}-${hash.slice(0, 16)}` };
}

const inTurn = pLimit(1);

async function findOrMake(
  key: string,
  recipe: Recipe,
  cache: Cache,
  context: BuildContext,
): Promise<StoredPackage> {
  context.signal.throwIfAborted();
  const found = await cache.find(key);
  if (found !== null) return found;
  // Waiting is no part of the build's time.
  return recipe.alone ? inTurn(() => cache.make(key, recipe)) : cache.make(key, recipe);
}

function summary({ reused, zippedBytes, unzippedBytes, buildSeconds }: StoredPackage): string {
  const size = `${megabytes(zippedBytes)} zipped, ${megabytes(unzippedBytes)} unzipped`;
  return reused ? `reused (unchanged): ${size}` : `built in ${buildSeconds.toFixed(1)} s: ${size}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
