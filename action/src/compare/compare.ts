import { isCold } from '../config/profiles.ts';
import {
  type Artifact,
  type Collected,
  type Config,
  isSameFunction,
  type LoadRun,
  type Pair,
  type SlotSamples,
  type WarmColumn,
  type Warning,
} from '../model.ts';
import type { PairResult, Sweep } from '../result.ts';
import { type Arm, armOf } from './arm.ts';
import { checkInput } from './check-input.ts';
import type { Judging } from './comparison.ts';
import { chargesForSnapshots } from './cost/prices.ts';
import { type BillTerms, billOf, coldBilled, withCold } from './cost.ts';
import { LOOKS, type Look, mayStop } from './early-stop.ts';
import { METRICS, type MetricId } from './metrics.ts';
import { comparePairs } from './pairs.ts';
import { columnOf, STATISTICS } from './slot-statistics.ts';
import { otherRateMinutes } from './soak/other-rate.ts';
import { sweepsOf } from './sweep.ts';
import { usableSamples } from './usable-samples.ts';
import { type VariantSamples, variantSamples } from './variant-samples.ts';
import { warningsOf } from './warnings.ts';

export interface CompareInput {
  readonly config: Pick<Config, 'variants' | 'pairs' | 'region' | 'coldShare'> &
    Partial<Pick<Config, 'earlyStop' | 'profile'>>;
  readonly artifacts: readonly Pick<Artifact, 'variant' | 'sha256'>[];
  readonly run: Pick<LoadRun, 'slots' | 'startMs'> & Partial<Pick<LoadRun, 'stoppedAtLook'>>;
  readonly collected: Pick<Collected, 'slots'>;
  /** The target's kind: only a local ratio needs to be told what a network would do to it. */
  readonly target: { readonly kind: string };
  readonly options?: Partial<CompareOptions>;
}

export interface CompareOptions extends Judging {
  /** The metrics that pairs are compared by, each within its own family; default all. */
  readonly metrics: readonly MetricId[];
}

export interface Analysis {
  readonly variants: readonly VariantSamples[];
  readonly pairs: readonly PairResult[];
  /** Empty when nothing was swept. */
  readonly sweeps: readonly Sweep[];
  readonly warnings: readonly Warning[];
}

const DEFAULTS: CompareOptions = {
  metrics: METRICS.map((metric) => metric.id),
  p99Requests: 500,
  look: null,
};

/**
 * Samples into summaries, comparisons with verdicts, and warnings. Pure and deterministic. Throws ConfigError for a run
 * that cannot be compared, RangeError for samples that no measurement can give; all else is a verdict or a warning.
 */
export function compare(input: CompareInput): Analysis {
  const { config, run } = input;
  const options = optionsOf(input);
  const { terms, arms, unusable } = armsOf(input);
  const otherRate = otherRateMinutes(run);
  const variants = [...arms.values()].map((arm) =>
    variantSamples({
      arm,
      terms: terms.get(arm.name)!,
      startMs: run.startMs,
      windowSeconds: windowSeconds(arm.name, run),
      otherRate,
    }),
  );
  const pairs = pairsOf(input, arms, options);
  const { region } = config;
  const { p99Requests } = options;
  const sweeps = sweepsOf({ variants: config.variants, arms, judging: options });
  return {
    variants,
    pairs,
    sweeps,
    warnings: warningsOf({ arms, variants, pairs, region, unusable, p99Requests }),
  };
}

/**
 * Whether the run might end at this look: every gate metric of every pair that makes a claim is decided. Nothing else is
 * computed, because the load goes on meanwhile. Throws as `compare` does.
 */
export function isDecided(input: CompareInput): boolean {
  const options = optionsOf(input);
  const metrics = options.metrics.filter((id) => GATES.includes(id));
  const pairs = pairsOf(input, armsOf(input).arms, { ...options, metrics });
  const claims = pairs.filter(({ control }) => !control);
  return mayStop(claims.flatMap(({ comparisons }) => comparisons.map(({ verdict }) => verdict)));
}

const GATES: readonly MetricId[] = METRICS.filter(({ family }) => family === 'gate').map(({ id }) => id);

function optionsOf(input: CompareInput): CompareOptions {
  return { ...DEFAULTS, ...metricsOf(input.config), look: lookOf(input), ...input.options };
}

/** The samples of every variant, and what its bill depends on, by name. */
function armsOf(input: CompareInput) {
  checkInput(input);
  const { slots, unusable } = usableSamples(input.collected.slots);
  const { variants } = input.config;
  const calls = callsSeen(slots);
  const terms = new Map(variants.map(({ name }) => [name, termsOf(name, slots, calls, input)]));
  const arms = new Map(variants.map(({ name }) => [name, armNamed(name, slots, terms.get(name)!)]));
  return { terms, arms, unusable };
}

function pairsOf(input: CompareInput, arms: ReadonlyMap<string, Arm>, options: CompareOptions): PairResult[] {
  return comparePairs({
    pairs: input.config.pairs,
    arms,
    metrics: options.metrics,
    judging: options,
    isControl: (pair) => isControl(pair, input),
    withIoFloor: input.target.kind === 'local',
  });
}

/** A run of cold starts is judged by them alone. */
function metricsOf({ profile }: CompareInput['config']): Partial<CompareOptions> {
  const cold = METRICS.filter(({ id }) => STATISTICS[id].of === 'environments');
  return profile !== undefined && isCold(profile) ? { metrics: cold.map(({ id }) => id) } : {};
}

/** The look at which the run was judged; null when it was to be judged once. */
function lookOf({ config, run }: CompareInput): Look | null {
  return config.earlyStop === true ? (LOOKS[run.stoppedAtLook ?? LOOKS.length - 1] ?? null) : null;
}

/** What any of the run's functions timed is in everybody's bill: who times nothing must not look cheaper for it. */
function callsSeen(slots: readonly SlotSamples[]): BillTerms['calls'] {
  const isSeen = (column: WarmColumn) => slots.some((slot) => columnOf(slot, column).length > 0);
  return { s3: isSeen('s3Ms'), dynamodb: isSeen('dynamodbMs') };
}

function termsOf(
  name: string,
  slots: readonly SlotSamples[],
  calls: BillTerms['calls'],
  { config }: CompareInput,
): BillTerms {
  const variant = config.variants.find((each) => each.name === name)!;
  const { memoryMb, architecture } = variant;
  const { region, coldShare } = config;
  const snapshots = chargesForSnapshots(variant);
  const warm = { memoryMb, architecture, region, coldShare, calls, snapshots };
  return withCold(warm, coldBilled(slotsOf(name, slots)));
}

function armNamed(name: string, slots: readonly SlotSamples[], terms: BillTerms): Arm {
  const own = slotsOf(name, slots);
  const coldBills = coldBilled(own).map((billed) => billOf(withCold(terms, [billed])));
  return armOf(name, own, billOf(terms), coldBills);
}

const slotsOf = (name: string, slots: readonly SlotSamples[]) =>
  slots.filter((slot) => slot.variant === name);

function windowSeconds(name: string, run: CompareInput['run']): number {
  return run.slots
    .filter((slot) => slot.variant === name)
    .reduce((seconds, slot) => seconds + slot.measuredMs / 1000, 0);
}

function isControl({ base, head }: Pair, { config, artifacts }: CompareInput): boolean {
  const builtOf = (name: string) => {
    const sha256 = artifacts.find((artifact) => artifact.variant.name === name)?.sha256;
    const variant = config.variants.find((each) => each.name === name)!;
    return sha256 === undefined ? undefined : { variant, sha256 };
  };
  const [a, b] = [builtOf(base), builtOf(head)];
  return a !== undefined && b !== undefined && isSameFunction(a, b);
}
