import type { Artifact, Collected, Config, LoadRun, SlotSamples, Warning } from '../model.ts';
import type { Comparison, PairResult } from '../result.ts';
import { type BillTerms, billOf, coldBilledMs } from './cost.ts';
import { holm } from './holm.ts';
import { ioFloor } from './io-floor.ts';
import { METRICS } from './metrics.ts';
import { compareArms, compareErrors, type Unadjusted } from './pair.ts';
import { PRICES } from './prices.ts';
import { type Recipe, recipes } from './slot-statistics.ts';
import { type VariantSamples, variantSamples } from './variant-samples.ts';
import { MIN_BLOCKS, verdictOf } from './verdict.ts';

export interface CompareInput {
  readonly config: Pick<Config, 'variants' | 'pairs' | 'region' | 'coldShare'>;
  readonly artifacts: readonly Pick<Artifact, 'variant' | 'sha256'>[];
  readonly run: Pick<LoadRun, 'slots' | 'startMs'>;
  readonly collected: Pick<Collected, 'slots'>;
  /** The target's kind: only a local ratio needs to be told what a network would do to it. */
  readonly target: { readonly kind: string };
}

export interface Analysis {
  readonly variants: readonly VariantSamples[];
  readonly pairs: readonly PairResult[];
  readonly warnings: readonly Warning[];
}

interface Arm {
  readonly slots: readonly SlotSamples[];
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly terms: BillTerms;
}

/** Samples into summaries, comparisons with verdicts, and warnings. Pure and deterministic. */
export function compare(input: CompareInput): Analysis {
  const arms = new Map(input.config.variants.map((variant) => [variant.name, armOf(variant.name, input)]));
  const variants = [...arms].map(([name, arm]) =>
    variantSamples({ name, ...arm, startMs: input.run.startMs, windowSeconds: windowSeconds(name, input) }),
  );
  const pairs = judged(input, arms);
  return { variants, pairs, warnings: warnings(input, pairs) };
}

function armOf(name: string, { config, collected }: CompareInput): Arm {
  const variant = config.variants.find((candidate) => candidate.name === name)!;
  const slots = collected.slots.filter((slot) => slot.variant === name);
  const terms = {
    memoryMb: variant.memoryMb,
    architecture: variant.architecture,
    region: config.region,
    coldShare: config.coldShare,
    coldBilledMs: coldBilledMs(slots),
  };
  return { slots, recipes: recipes(billOf(terms)), terms };
}

function windowSeconds(name: string, { run }: CompareInput): number {
  return run.slots
    .filter((slot) => slot.variant === name)
    .reduce((sum, slot) => sum + (slot.endMs - slot.measureMs) / 1000, 0);
}

/** All pairs, their p-values adjusted by Holm over each family of all pairs together. */
function judged(input: CompareInput, arms: ReadonlyMap<string, Arm>): PairResult[] {
  const drafts = input.config.pairs.map((pair) => {
    const base = arms.get(pair.base)!;
    const head = arms.get(pair.head)!;
    return { pair, base, head, comparisons: comparisonsOf(base, head) };
  });
  const adjusted = adjust(drafts.flatMap((draft) => draft.comparisons));
  return drafts.map(({ pair, base, head, comparisons }) => ({
    base: pair.base,
    head: pair.head,
    control: shaOf(pair.base, input) === shaOf(pair.head, input),
    comparisons: comparisons.map((comparison) => withVerdict(comparison, adjusted.get(comparison) ?? null)),
    errors: compareErrors(base.slots, head.slots),
    ioFloor: input.target.kind === 'local' ? ioFloor(medianDuration(base), medianDuration(head)) : [],
  }));
}

function comparisonsOf(base: Arm, head: Arm): Unadjusted[] {
  const reused = hasReused(base.slots) || hasReused(head.slots);
  return METRICS.map((metric) =>
    compareArms({
      metric,
      base: { slots: base.slots, recipe: base.recipes[metric.id]! },
      head: { slots: head.slots, recipe: head.recipes[metric.id]! },
      reused,
    }),
  );
}

/** Whether an environment id was seen in more than one block. */
export function hasReused(slots: readonly SlotSamples[]): boolean {
  const ids = slots.flatMap((slot) => slot.environments.map((environment) => environment.id));
  return new Set(ids).size < ids.length;
}

function adjust(comparisons: readonly Unadjusted[]): Map<Unadjusted, number> {
  return new Map(
    (['gate', 'detail'] as const).flatMap((family) => {
      const tested = comparisons.filter(
        (comparison) => comparison.family === family && comparison.p !== null,
      );
      const adjusted = holm(tested.map((comparison) => comparison.p!));
      return tested.map((comparison, i) => [comparison, adjusted[i]!] as const);
    }),
  );
}

function withVerdict(comparison: Unadjusted, pHolm: number | null): Comparison {
  const { n, lo, hi, estimate, margin } = comparison;
  if (estimate === null) return { ...comparison, pHolm, verdict: 'not available' };
  if (pHolm === null)
    return {
      ...comparison,
      pHolm,
      verdict: comparison.method === 'descriptive' ? 'not available' : 'insufficient data',
    };
  return { ...comparison, pHolm, verdict: verdictOf({ n, lo, hi, estimate, margin, pHolm }) };
}

function shaOf(name: string, { artifacts }: CompareInput): string | undefined {
  return artifacts.find((artifact) => artifact.variant.name === name)?.sha256;
}

function medianDuration({ slots, recipes: { 'duration.p50': recipe } }: Arm): number | null {
  const pooled = slots.flatMap((slot) => Array.from(slot.warm.durationMs));
  return pooled.length === 0 ? null : recipe!.statistic(Float64Array.from(pooled));
}

function warnings({ config, collected }: CompareInput, pairs: readonly PairResult[]): Warning[] {
  return [
    ...pairs.flatMap(tooFewBlocks),
    ...(PRICES[config.region] === undefined ? [noPrices(config.region)] : []),
    ...unusableObservations(collected.slots),
  ];
}

function tooFewBlocks(pair: PairResult): Warning[] {
  const n = pair.comparisons.reduce((most, comparison) => Math.max(most, comparison.n), 0);
  if (n >= MIN_BLOCKS) return [];
  const message = `${pair.head} against ${pair.base} has ${n} usable blocks; a verdict needs ${MIN_BLOCKS}.`;
  return [
    {
      code: 'too-few-blocks',
      message,
      data: { base: pair.base, head: pair.head, blocks: n, needed: MIN_BLOCKS },
    },
  ];
}

function noPrices(region: string): Warning {
  const message = `There is no price table for ${region}, so no cost is given; there is one for ${Object.keys(PRICES).join(', ')}.`;
  return { code: 'no-prices', message, data: { region } };
}

function unusableObservations(slots: readonly SlotSamples[]): Warning[] {
  const bad = (values: Float64Array) =>
    values.reduce((count, value) => count + (Number.isFinite(value) && value >= 0 ? 0 : 1), 0);
  const count = slots.reduce(
    (sum, slot) => sum + bad(slot.warm.clientMs) + bad(slot.warm.durationMs) + bad(slot.warm.billedMs),
    0,
  );
  if (count === 0) return [];
  const message = `${count} observations were negative or no number at all and are left out.`;
  return [{ code: 'unusable-observations', message, data: { count } }];
}
