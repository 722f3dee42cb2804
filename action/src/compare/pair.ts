import type { SlotSamples } from '../model.ts';
import type { Comparison, ErrorComparison } from '../result.ts';
import { hodgesLehmann, hodgesLehmannInterval } from './hodges-lehmann.ts';
import type { Metric } from './metrics.ts';
import { newcombe, wilson } from './newcombe.ts';
import { MIN_ENVIRONMENT_REQUESTS, reusedEnvironments } from './reused-environments.ts';
import { signedRank } from './signed-rank.ts';
import {
  MIN_P99_REQUESTS,
  meanOf,
  positiveStatistic,
  type Recipe,
  slotStatistic,
  usable,
} from './slot-statistics.ts';
import { concatenate } from './variant-samples.ts';
import { isBeyondMargin, MIN_BLOCKS, smallestDetectable } from './verdict.ts';

/** Both arms of one metric. The recipes differ only where the bill does. */
export interface Arms {
  readonly metric: Metric;
  readonly base: { readonly slots: readonly SlotSamples[]; readonly recipe: Recipe };
  readonly head: { readonly slots: readonly SlotSamples[]; readonly recipe: Recipe };
  /** An environment served more than one block: block statistics alone would be too sure of themselves. */
  readonly reused: boolean;
}

/** A comparison before Holm: its verdict waits for the whole family. */
export type Unadjusted = Omit<Comparison, 'pHolm' | 'verdict'>;

interface Estimated {
  readonly estimate: number | null;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly p: number | null;
  readonly method: Comparison['method'];
}

export function compareArms(arms: Arms): Unadjusted {
  const { blocks, dropped } = logRatios(arms);
  const differences = blocks.map((block) => block.logRatio);
  const estimated = estimate(differences, arms);
  const margin = Math.log(1 + arms.metric.margin);
  return {
    metric: arms.metric.id,
    family: arms.metric.family,
    n: blocks.length,
    droppedBlocks: dropped,
    ...estimated,
    margin,
    beyondMargin: isBeyondMargin(estimated, margin),
    smallestDetectable: smallestDetectable(estimated),
    pSlower: probabilitySlower(arms),
    ratioOfMeans: ratioOfMeans(arms),
    autocorrelation: lag1(differences),
    blocks,
  };
}

/** ln(head / base) of every block in which both arms gave a statistic. */
function logRatios({ base, head }: Arms): { blocks: Comparison['blocks']; dropped: number } {
  const bases = byBlock(base.slots);
  const heads = byBlock(head.slots);
  const numbers = [...new Set([...bases.keys(), ...heads.keys()])].sort((a, b) => a - b);
  const blocks = numbers.flatMap((block) => {
    const [a, b] = [bases.get(block), heads.get(block)];
    const below = a && slotStatistic(base.recipe, a);
    const above = b && slotStatistic(head.recipe, b);
    return below && above ? [{ block, logRatio: Math.log(above / below) }] : [];
  });
  return { blocks, dropped: numbers.length - blocks.length };
}

function estimate(differences: readonly number[], arms: Arms): Estimated {
  if (differences.length === 0) return { estimate: null, lo: null, hi: null, p: null, method: 'descriptive' };
  if (arms.reused) return estimateReused(differences, arms);
  const interval = hodgesLehmannInterval(differences, 0.95);
  const method = isThin(arms) ? 'descriptive' : 'signed-rank';
  return {
    estimate: hodgesLehmann(differences),
    ...interval,
    p: method === 'descriptive' ? null : signedRank(differences).p,
    method,
  };
}

/** p99 of fewer than 500 requests is close to the maximum: shown, never judged. */
function isThin({ metric, base, head }: Arms): boolean {
  if (!metric.id.endsWith('.p99')) return false;
  return [...base.slots, ...head.slots].some((slot) => slot.warm.durationMs.length < MIN_P99_REQUESTS);
}

function estimateReused(differences: readonly number[], { metric, base, head }: Arms): Estimated {
  const unjudged = {
    estimate: hodgesLehmann(differences),
    lo: null,
    hi: null,
    p: null,
    method: 'reused-environments',
  } as const;
  if (metric.id.startsWith('cold.') || metric.id.startsWith('memory.')) return unjudged;
  const interval = reusedEnvironments(differences, environmentLogs(base), environmentLogs(head));
  return interval === null ? unjudged : { ...interval, method: 'reused-environments' };
}

/** ln of the metric over each environment's requests in the whole run, where it has enough of them. */
function environmentLogs({ slots, recipe }: Arms['base']): number[] {
  const found = new Map<string, number[]>();
  for (const slot of slots) {
    const values = recipe.observations(slot);
    slot.warm.environment.forEach((index, i) => {
      const id = slot.environments[index]?.id;
      const value = values[i];
      if (id === undefined || value === undefined) return;
      const list = found.get(id);
      if (list) list.push(value);
      else found.set(id, [value]);
    });
  }
  return [...found.values()].flatMap((values) => {
    const kept = usable(values);
    const statistic = kept.length < MIN_ENVIRONMENT_REQUESTS ? null : positiveStatistic(recipe, kept);
    return statistic === null ? [] : [Math.log(statistic)];
  });
}

/** Within-block P(head > base), ties half, averaged over blocks: what a single request would see. */
function probabilitySlower({ base, head }: Arms): number | null {
  const heads = byBlock(head.slots);
  const shares = base.slots.flatMap((slot) => {
    const other = heads.get(slot.block);
    const a = usable(base.recipe.observations(slot)).sort();
    const b = other ? usable(head.recipe.observations(other)).sort() : new Float64Array();
    return a.length > 0 && b.length > 0 ? [commonLanguage(a, b)] : [];
  });
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** P(y > x) + P(y = x) / 2 for ascending arrays, by one walk (McGraw & Wong 1992). */
export function commonLanguage(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let below = 0;
  let upTo = 0;
  let wins = 0;
  for (let i = 0; i < y.length; i++) {
    while (below < x.length && x[below]! < y[i]!) below++;
    upTo = Math.max(upTo, below);
    while (upTo < x.length && x[upTo]! <= y[i]!) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (x.length * y.length);
}

function ratioOfMeans({ base, head }: Arms): number | null {
  const [a, b] = [base, head].map(({ slots, recipe }) => usable(concatenate(slots.map(recipe.observations))));
  const ratio = meanOf(b!) / meanOf(a!);
  return Number.isFinite(ratio) ? ratio : null;
}

/** Lag-1 autocorrelation of the block log-ratios; null where it is not defined. */
function lag1(values: readonly number[]): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0);
  if (values.length < MIN_BLOCKS || variance === 0) return null;
  return centred.slice(1).reduce((sum, value, i) => sum + value * centred[i]!, 0) / variance;
}

/** Errors of both arms; each request counts, whatever its phase. */
export function compareErrors(base: readonly SlotSamples[], head: readonly SlotSamples[]): ErrorComparison {
  const a = counts(base);
  const b = counts(head);
  const both = a.requests > 0 && b.requests > 0;
  const interval = both ? newcombe(a, b) : null;
  return {
    base: {
      errors: a.errors,
      requests: a.requests,
      rate: rate(a),
      designEffect: interval?.designEffects.base ?? 1,
    },
    head: {
      errors: b.errors,
      requests: b.requests,
      rate: rate(b),
      designEffect: interval?.designEffects.head ?? 1,
    },
    difference: interval?.difference ?? null,
    lo: interval?.lo ?? null,
    hi: interval?.hi ?? null,
    p: both ? errorP(base, head) : null,
    upperBound:
      both && a.errors + b.errors === 0 ? Math.max(wilson(0, a.requests)[1], wilson(0, b.requests)[1]) : null,
  };
}

function errorP(base: readonly SlotSamples[], head: readonly SlotSamples[]): number | null {
  const heads = byBlock(head);
  const differences = base.flatMap((slot) => {
    const other = heads.get(slot.block);
    return other && slot.requests > 0 && other.requests > 0
      ? [other.errors / other.requests - slot.errors / slot.requests]
      : [];
  });
  return differences.length === 0 ? null : signedRank(differences).p;
}

function counts(slots: readonly SlotSamples[]) {
  const used = slots.filter((slot) => slot.requests > 0);
  const events = used.map((slot) => slot.errors);
  const sizes = used.map((slot) => slot.requests);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { events, sizes, errors: sum(events), requests: sum(sizes) };
}

const rate = ({ errors, requests }: { errors: number; requests: number }): number | null =>
  requests === 0 ? null : errors / requests;

const byBlock = (slots: readonly SlotSamples[]): Map<number, SlotSamples> =>
  new Map(slots.map((slot) => [slot.block, slot]));
