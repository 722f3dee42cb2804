import { ConfigError } from '../errors.ts';
import type { Shard } from '../model.ts';
import { parseOptions } from '../options.ts';
import { lengthOf, tooLongOnAws } from './duration.ts';
import { PROFILE_NAMES, type ProfileName } from './profiles.ts';

const TARGETS = ['local', 'aws'] as const;
export type Target = (typeof TARGETS)[number];

/** What a person typed after `npm run bench --`. Paths are as given. */
export interface Arguments {
  readonly profile: ProfileName;
  /** Another repository than the one this program is in. */
  readonly root: string | null;
  readonly target: Target;
  readonly config: string | null;
  readonly out: string | null;
  readonly seed: number | null;
  readonly variants: readonly string[] | null;
  /** A git commit, branch or tag to measure against. */
  readonly base: string | null;
  readonly control: boolean;
  /** A run on AWS that is estimated to cost more is refused. */
  readonly budgetUsd: number;
  readonly earlyStop: boolean;
  /** How long the load is to last, ms; null for the profile's own length. */
  readonly durationMs: number | null;
  /** When the load begins, ms since the epoch; null for as soon as all is ready. */
  readonly startAtMs: number | null;
  /** Which part of the load this machine sends. */
  readonly shard: Shard | null;
  readonly json: boolean;
}

export const USAGE = `Usage: npm run bench -- [options]

  --profile NAME    ${PROFILE_NAMES.join(' | ')} (default: pr)
  --duration TIME   how long the load lasts, such as 2h, 90m or 1h30m, in whole blocks (default: the profile's length)
  --root DIR        measure another repository; it needs a config, which \`npm run init -- --root DIR\` writes
  --target NAME     ${TARGETS.join(' | ')} (default: local, which needs no account)
  --config FILE     benchmark config (default: .github/benchmark.yml of the repository)
  --out DIR         folder for result.json and report.md (default: a new one under reports/local/)
  --seed N          seed of the order of slots, 0 to 4294967295 (default: a random one; the result tells it)
  --variants A,B    only these variants of the config
  --base REF        build the variants from this commit too (main...HEAD: where HEAD left main), and compare head
                    with base in the same blocks
  --control         deploy the first variant twice, to measure the noise of the run
  --early-stop      may end after a third or two thirds of the blocks, when every metric that decides is decided
  --budget-usd N    refuse a run on AWS that is estimated to cost more (default: 5)
  --shard I/N       send only the Ith of N parts of the load, for npm run merge; needs --seed, and load.rate if N > 1
  --start-at TIME   begin the load at this moment, such as 2026-11-24T18:30:00Z: the same for all shards of a run
  --json            print result.json on stdout instead of the summary
  --help            show this

Exit codes: 0 done, 1 failed, 2 bad usage or config, 3 a gate failed.`;

const OPTIONS = {
  profile: { type: 'string', default: 'pr' },
  root: { type: 'string' },
  target: { type: 'string', default: 'local' },
  config: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string' },
  variants: { type: 'string' },
  base: { type: 'string' },
  control: { type: 'boolean', default: false },
  'early-stop': { type: 'boolean', default: false },
  'budget-usd': { type: 'string', default: '5' },
  duration: { type: 'string' },
  'start-at': { type: 'string' },
  shard: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/**
 * Parses the command line; throws ConfigError that lists every fault.
 *
 * @param usage that of the command, where it is another that takes the same options.
 */
export function parseArguments(argv: readonly string[], usage = USAGE): Arguments {
  const { values } = parseOptions(argv, { options: OPTIONS }, usage);
  const faults = [
    ...profileFaults(values.profile),
    ...targetFaults(values.target),
    ...seedFaults(values.seed),
    ...listFaults(values.variants),
    ...baseFaults(values.base, values.profile),
    ...budgetFaults(values['budget-usd']),
    ...durationFaults(values.duration, values.target),
    ...startFaults(values['start-at']),
    ...(values['early-stop'] && values.profile === 'soak'
      ? [
          '--early-stop ends a run when it is decided, and --profile soak is about its whole course; leave out one of them.',
        ]
      : []),
    ...shardFaults(values),
  ];
  if (faults.length > 0) throw new ConfigError(faults.join('\n'), usage);
  return {
    profile: values.profile as ProfileName,
    root: values.root ?? null,
    target: values.target as Target,
    config: values.config ?? null,
    out: values.out ?? null,
    seed: values.seed === undefined ? null : Number(values.seed),
    variants: values.variants === undefined ? null : names(values.variants),
    base: values.base ?? null,
    control: values.control,
    earlyStop: values['early-stop'],
    budgetUsd: Number(values['budget-usd']),
    shard: shardOf(values.shard),
    durationMs: values.duration === undefined ? null : lengthOf(values.duration),
    startAtMs: values['start-at'] === undefined ? null : Date.parse(values['start-at']),
    json: values.json,
  };
}

function profileFaults(given: string): string[] {
  const known = (PROFILE_NAMES as readonly string[]).includes(given);
  return known ? [] : [`--profile "${given}" is unknown; there are ${PROFILE_NAMES.join(', ')}.`];
}

function targetFaults(given: string): string[] {
  const known = (TARGETS as readonly string[]).includes(given);
  return known ? [] : [`--target "${given}" is unknown; there are ${TARGETS.join(', ')}.`];
}

function seedFaults(given: string | undefined): string[] {
  if (given === undefined || (/^\d{1,10}$/.test(given) && Number(given) <= 0xffffffff)) return [];
  return [`--seed "${given}" is not a whole number from 0 to 4294967295.`];
}

function listFaults(given: string | undefined): string[] {
  return given === undefined || names(given).length > 0 ? [] : ['--variants names no variant.'];
}

function budgetFaults(given: string): string[] {
  if (/^\d{1,9}(\.\d+)?$/.test(given) && Number(given) > 0) return [];
  return [`--budget-usd "${given}" is not a number of dollars above 0.`];
}

function durationFaults(given: string | undefined, target: string): string[] {
  if (given === undefined) return [];
  const lengthMs = lengthOf(given);
  if (lengthMs === null) return [`--duration "${given}" is no length of time such as 2h, 90m, 1h30m or 45s.`];
  const fault = target === 'aws' ? tooLongOnAws(`--duration ${given}`, lengthMs) : null;
  return fault === null ? [] : [fault];
}

/** With its zone, because shards run on machines of different ones. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

function startFaults(given: string | undefined): string[] {
  if (given === undefined || (INSTANT.test(given) && !Number.isNaN(Date.parse(given)))) return [];
  return [`--start-at "${given}" is no moment with its zone, such as 2026-11-24T18:30:00Z.`];
}

function baseFaults(ref: string | undefined, profile: string): string[] {
  if (ref === undefined) return [];
  if (ref === '' || ref.startsWith('-')) return [`--base "${ref}" is not the name of a commit.`];
  return profile === 'soak'
    ? ['--base compares two commits and --profile soak watches one; leave out one of them.']
    : [];
}

interface ShardValues {
  readonly shard?: string | undefined;
  readonly profile: string;
  readonly seed?: string | undefined;
  readonly 'early-stop': boolean;
}

/** Shards are merged slot by slot, so that all of them must follow one plan. */
function shardFaults({ shard, profile, seed, 'early-stop': earlyStop }: ShardValues): string[] {
  if (shard === undefined) return [];
  const { index, count } = shardOf(shard) ?? { index: 0, count: 0 };
  return [
    ...(index >= 1 && index <= count && count <= MOST_SHARDS
      ? []
      : [`--shard "${shard}" is not I/N with I from 1 to N and N up to ${MOST_SHARDS}, such as 2/3.`]),
    ...(profile === 'cold'
      ? ['--profile cold sends one request at a time, which --shard cannot share; leave out one of them.']
      : []),
    ...(seed === undefined ? ['--shard needs --seed N, the same for all shards.'] : []),
    ...(earlyStop ? ['--early-stop cannot be used with --shard: no shard knows what the others saw.'] : []),
  ];
}

const MOST_SHARDS = 100;

function shardOf(given: string | undefined): Shard | null {
  const parts = /^(\d{1,3})\/(\d{1,3})$/.exec(given ?? '');
  return parts === null ? null : { index: Number(parts[1]), count: Number(parts[2]) };
}

const names = (list: string): string[] => [
  ...new Set(
    list
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  ),
];
