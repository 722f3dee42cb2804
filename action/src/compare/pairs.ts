import type { Pair } from '../model.ts';
import type { Comparison, PairResult } from '../result.ts';
import type { Arm } from './arm.ts';
import { type Draft, draft, type Judging } from './comparison.ts';
import { noiseOf } from './control.ts';
import { dominanceOf } from './dominance.ts';
import { compareErrors } from './error-comparison.ts';
import { holm } from './holm.ts';
import { ioFloor } from './io-floor.ts';
import { METRICS, type MetricId } from './metrics.ts';
import { verdictOf } from './verdict.ts';

export interface PairsInput {
  readonly pairs: readonly Pair[];
  readonly arms: ReadonlyMap<string, Arm>;
  readonly metrics: readonly MetricId[];
  readonly judging: Judging;
  /** Whether two variants are the same artefact, run the same way. */
  readonly isControl: (pair: Pair) => boolean;
  /** Whether to say what a network would make of the ratio. */
  readonly withIoFloor: boolean;
}

interface DraftedPair {
  readonly pair: Pair;
  readonly base: Arm;
  readonly head: Arm;
  readonly control: boolean;
  readonly drafts: readonly Draft[];
}

/**
 * All pairs with their verdicts. Multiplicity: Holm over the gates of all pairs together, and apart from them over their
 * details; also over pairs that cannot fail a run (`judgedPairs`), because the report claims them in the same words. That
 * costs the others little: a clear difference is rejected first, and Holm asks no more for what it has rejected. A control
 * makes no claim about a variant, it checks the run: it has families of its own, so that it neither weakens the claims nor
 * hides among them.
 */
export function comparePairs(input: PairsInput): PairResult[] {
  const drafted = input.pairs.map((pair) => draftPair(pair, input));
  const families = [
    drafted.filter(({ control }) => !control).flatMap(({ drafts }) => drafts),
    ...drafted.filter(({ control }) => control).map(({ drafts }) => drafts),
  ];
  const adjusted = new Map(families.flatMap(adjust));
  return drafted.map((pair) => resultOf(pair, adjusted, input.withIoFloor));
}

function draftPair(pair: Pair, { arms, metrics, judging, isControl }: PairsInput): DraftedPair {
  const [base, head] = [arms.get(pair.base)!, arms.get(pair.head)!];
  const pSlower = dominanceOf(base, head);
  const compared = METRICS.filter((metric) => metrics.includes(metric.id));
  const drafts = compared.map((metric) => draft(metric, { base, head, pSlower }, judging));
  return { pair, base, head, control: isControl(pair), drafts };
}

/** Holm within gates and within details, over the drafts that have a p. */
function adjust(drafts: readonly Draft[]): (readonly [Draft, number])[] {
  return (['gate', 'detail'] as const).flatMap((family) => {
    const tested = drafts.filter(({ comparison }) => comparison.family === family && comparison.p !== null);
    const adjusted = holm(tested.map(({ comparison }) => comparison.p!));
    return tested.map((draft, i) => [draft, adjusted[i]!] as const);
  });
}

function resultOf(
  { pair, base, head, control, drafts }: DraftedPair,
  adjusted: ReadonlyMap<Draft, number>,
  withIoFloor: boolean,
): PairResult {
  const comparisons = drafts.map((draft) => judged(draft, adjusted.get(draft) ?? null));
  return {
    base: pair.base,
    head: pair.head,
    control,
    noise: control ? noiseOf(comparisons) : null,
    comparisons,
    errors: compareErrors(base, head),
    ioFloor: withIoFloor ? ioFloor(base.whole['duration.p50'], head.whole['duration.p50']) : [],
  };
}

function judged({ comparison, equivalence }: Draft, pHolm: number | null): Comparison {
  const { estimate, method } = comparison;
  if (estimate === null || method === 'descriptive')
    return { ...comparison, pHolm, verdict: 'not available' };
  if (pHolm === null) return { ...comparison, pHolm, verdict: 'insufficient data' };
  return { ...comparison, pHolm, verdict: verdictOf({ ...comparison, estimate, pHolm, equivalence }) };
}
