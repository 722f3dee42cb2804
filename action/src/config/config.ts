import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Config, LoadRequest, Pair, Profile, Variant } from '../model.ts';
import type { Arguments } from './arguments.ts';
import { lasting, requireTimeOnAws } from './duration.ts';
import { readConfigFile } from './file.ts';
import { cellPairs, cellsOf } from './matrix.ts';
import { isCold, profileNamed } from './profiles.ts';
import type { ConfigFile } from './schema.ts';
import { tooManyVersions } from './snap-start.ts';

export const DEFAULT_FILE = '.github/benchmark.yml';

/** Where a command runs, and the time that names its output. */
export interface Place {
  /** The folder of this program, which has its cache and its output. */
  readonly root: string;
  /** Where paths are typed. */
  readonly cwd: string;
  readonly now: Date;
}

/** Arguments and config file into the one frozen value every stage reads. Throws ConfigError. */
export function resolveConfig(args: Arguments, place: Place): Config {
  const root = args.root === null ? place.root : resolve(place.cwd, args.root);
  const path = args.config === null ? join(root, DEFAULT_FILE) : resolve(place.cwd, args.config);
  const { content, sha256 } = readConfigFile(path, root);
  const { matrix = {} } = content;
  const named = chosenVariants(content, args.variants, root);
  const chosen = named.flatMap((variant) => cellsOf(variant, matrix));
  const control = args.control || args.profile === 'soak' ? [controlOf(chosen)] : [];
  const variants = [...chosen, ...control];
  if (variants.length < 2 && args.base === null) throw nothingToCompare();
  const bases = args.base === null ? 0 : chosen.length;
  const slots = variants.length + bases;
  const pairs = cellPairs(pairsAmong(content, named), chosen);
  const usual = withOverrides(
    onTarget(args.target, profileNamed(args.profile, variants.length, Math.max(1, pairs.length + bases))),
    content.load,
  );
  // A duration was looked at as it was typed: its whole blocks may end a little later.
  if (args.target === 'aws' && args.durationMs === null) requireTimeOnAws(usual, slots);
  const lasted = args.durationMs === null ? usual : lasting(usual, args.durationMs, slots);
  const shards = args.shard?.count ?? 1;
  const profile = sharedBy(shards, lasted);
  const startAtMs = startOf(args, place.now);
  if (shards > 1 && profile.rate === 'auto') throw rateMissing();
  const fault = args.target === 'aws' ? tooManyVersions(variants, profile) : null;
  if (fault !== null) throw fault;
  return Object.freeze({
    root,
    file: { path: relative(root, path), sha256 },
    variants,
    pairs: [...pairs, ...control.map(({ name }) => ({ base: chosen[0]!.name, head: name }))],
    baseRef: args.base,
    earlyStop: args.earlyStop,
    shard: args.shard,
    ...(startAtMs !== null && { startAtMs }),
    profile,
    ...(content.request !== undefined && { request: toRequest(content.request) }),
    seed: args.seed ?? randomInt(0x1_0000_0000),
    outDir: args.out === null ? defaultOut(args.profile, place) : resolve(place.cwd, args.out),
    coldShare: content.coldShare,
    region: content.region,
  });
}

function chosenVariants(file: ConfigFile, wanted: readonly string[] | null, root: string): Variant[] {
  const known = file.variants.map((variant) => variant.name);
  const unknown = (wanted ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ConfigError(
      `--variants names ${unknown.map((name) => `"${name}"`).join(', ')}, which the config does not have.`,
      `Choose from ${known.join(', ')}.`,
    );
  }
  return file.variants
    .filter((variant) => wanted === null || wanted.includes(variant.name))
    .map((variant) => toVariant(variant, root));
}

function toVariant(
  { memory, timeout, snapStart, source, command, permissions, ...rest }: ConfigFile['variants'][number],
  root: string,
): Variant {
  return {
    ...rest,
    source: resolve(root, source),
    memoryMb: memory,
    timeoutSeconds: timeout,
    ...(snapStart === true && { snapStart }),
    ...(command !== undefined && { command }),
    ...(permissions !== undefined && { permissions }),
  };
}

function toRequest({ body, headers, ...rest }: NonNullable<ConfigFile['request']>): LoadRequest {
  if (body === undefined || typeof body === 'string') return { ...rest, headers, body: body ?? null };
  return { ...rest, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The first variant once more: whatever differs between the two is noise. */
function controlOf(variants: readonly Variant[]): Variant {
  const { cellOf: _, ...first } = variants[0]!;
  const name = `${first.name}-control`;
  if (variants.every((variant) => variant.name !== name)) return { ...first, name };
  throw new ConfigError(
    `The config has a variant "${name}", which is the name of the control of "${first.name}".`,
    'Give that variant another name.',
  );
}

/** The config's pairs whose both sides run; when none is left, the first variant against each other one. */
function pairsAmong(file: ConfigFile, variants: readonly Variant[]): Pair[] {
  const names = variants.map((variant) => variant.name);
  const given = (file.pairs ?? []).filter((pair) => names.includes(pair.base) && names.includes(pair.head));
  const [base, ...others] = names;
  return given.length > 0 ? given : others.map((head) => ({ base: base!, head }));
}

/** On AWS every environment has the luck of a machine of its own, which few of them do not even out. */
const ENVIRONMENTS_ON_AWS = 10;

function onTarget(target: Arguments['target'], profile: Profile): Profile {
  return target === 'aws' && !isCold(profile) ? { ...profile, environments: ENVIRONMENTS_ON_AWS } : profile;
}

/** One request to one environment is what a profile of cold starts is: only how often is up to the config. */
function withOverrides(profile: Profile, load: ConfigFile['load']): Profile {
  const { warmup, rate, environments, blocks, slotSeconds } = load;
  if (isCold(profile)) return blocks === undefined ? profile : { ...profile, blocks };
  return {
    ...profile,
    ...(rate !== undefined && { rate }),
    ...(environments !== undefined && { environments }),
    ...(warmup !== undefined && { warmupInvocations: warmup }),
    ...(blocks !== undefined && { blocks }),
    ...(slotSeconds !== undefined && { slotSeconds }),
  };
}

/** Each shard opens environments of its own deployment, with its part of the burst: at least one. */
function sharedBy(shards: number, profile: Profile): Profile {
  return { ...profile, environments: Math.max(profile.environments, shards) };
}

function nothingToCompare(): ConfigError {
  return new ConfigError(
    'One variant alone has nothing to be compared with.',
    'Give another variant, a matrix of two memory sizes, --base REF for an earlier commit of it, or --control.',
  );
}

/** Further away it is more likely a wrong date; and what is deployed on AWS meanwhile is deleted after 8 hours. */
const FURTHEST_MS = 2 * 3_600_000;

function startOf({ startAtMs, target }: Arguments, now: Date): number | null {
  if (startAtMs === null) return null;
  const aheadMs = startAtMs - now.getTime();
  if (aheadMs < 0 && target === 'aws') throw startIsOver(startAtMs, now);
  if (Math.abs(aheadMs) <= FURTHEST_MS) return startAtMs;
  throw new ConfigError(
    `--start-at ${new Date(startAtMs).toISOString()} is more than 2 hours away: it is ${now.toISOString()} now.`,
    'Give a moment within the next 2 hours that leaves time to build and deploy.',
  );
}

/** A job may have waited for its environment's approval: it would pay for a load that the others did not meet. */
function startIsOver(startAtMs: number, now: Date): ConfigError {
  return new ConfigError(
    `--start-at ${new Date(startAtMs).toISOString()} is over: it is ${now.toISOString()} now. Nothing was deployed.`,
    'Start all shards anew, with a moment that leaves time to approve, build and deploy (soak.yml: BENCH_SHARD_LEAD_MINUTES).',
  );
}

function rateMissing(): ConfigError {
  return new ConfigError(
    'Shards need one rate that is the same for all; load.rate is auto, which every machine chooses for itself.',
    'Set load.rate in the config, for all shards together.',
  );
}

function defaultOut(profile: string, { root, now }: Place): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const base = join(root, 'reports', 'local', `${stamp}-${profile}`);
  return existsSync(base) ? `${base}-${process.pid}` : base;
}
