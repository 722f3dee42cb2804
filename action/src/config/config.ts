import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import { profileNamed } from '../load/profiles.ts';
import type { Config, Pair, Profile, Variant } from '../model.ts';
import type { Arguments } from './arguments.ts';
import { readConfigFile } from './file.ts';
import type { ConfigFile } from './schema.ts';

const DEFAULT_FILE = '.github/benchmark.yml';

/** Where a command runs: the repository, the folder paths are typed in, and the time that names its output. */
export interface Place {
  readonly root: string;
  readonly cwd: string;
  readonly now: Date;
}

/** Arguments and config file into the one frozen value every stage reads. Throws ConfigError. */
export function resolveConfig(args: Arguments, place: Place): Config {
  const path = args.config === null ? join(place.root, DEFAULT_FILE) : resolve(place.cwd, args.config);
  const { content, sha256 } = readConfigFile(path, place.root);
  const chosen = chosenVariants(content, args.variants, place.root);
  const control = args.control || args.profile === 'soak' ? [controlOf(chosen)] : [];
  const variants = [...chosen, ...control];
  const profile = withOverrides(profileNamed(args.profile, variants.length), content.load);
  if (args.shard !== null && profile.rate === 'auto') throw rateMissing();
  return Object.freeze({
    root: place.root,
    file: { path: relative(place.root, path), sha256 },
    variants,
    pairs: [
      ...pairsAmong(content, chosen),
      ...control.map(({ name }) => ({ base: chosen[0]!.name, head: name })),
    ],
    baseRef: args.base,
    earlyStop: args.earlyStop,
    shard: args.shard,
    profile,
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
  { memory, timeout, source, ...rest }: ConfigFile['variants'][number],
  root: string,
): Variant {
  return { ...rest, source: resolve(root, source), memoryMb: memory, timeoutSeconds: timeout };
}

/** The first variant once more: whatever differs between the two is noise. */
function controlOf(variants: readonly Variant[]): Variant {
  const [first] = variants;
  const name = `${first!.name}-control`;
  if (variants.every((variant) => variant.name !== name)) return { ...first!, name };
  throw new ConfigError(
    `The config has a variant "${name}", which is the name of the control of "${first!.name}".`,
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

function withOverrides(profile: Profile, load: ConfigFile['load']): Profile {
  const { warmup, rate, environments, blocks, slotSeconds } = load;
  return {
    ...profile,
    ...(rate !== undefined && { rate }),
    ...(environments !== undefined && { environments }),
    ...(warmup !== undefined && { warmupInvocations: warmup }),
    ...(blocks !== undefined && { blocks }),
    ...(slotSeconds !== undefined && { slotSeconds }),
  };
}

function rateMissing(): ConfigError {
  return new ConfigError(
    '--shard needs a rate that is the same for all shards; load.rate is auto, which every machine chooses for itself.',
    'Set load.rate in the config, for all shards together.',
  );
}

function defaultOut(profile: string, { root, now }: Place): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const base = join(root, 'reports', 'local', `${stamp}-${profile}`);
  return existsSync(base) ? `${base}-${process.pid}` : base;
}
