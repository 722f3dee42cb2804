/** A whole run in a word, and whether it should stop a pull request. */
import { isRegression, judgedPairs } from '../compare/gates.ts';
import type { Comparison, PairResult, Result } from '../result.ts';
import { distrust } from './sentences.ts';
import { gatesOf } from './words.ts';

/**
 * What the metrics that decide say: one that is worse counts before those that are better. `not trusted`: a trust gate
 * failed or a control found a difference, so that no verdict counts; `no verdict`: nothing was compared.
 */
export type Outcome =
  | 'not trusted'
  | 'worse'
  | 'better'
  | 'no practical difference'
  | 'inconclusive'
  | 'insufficient data'
  | 'no verdict';

export function outcomeOf(result: Result): Outcome {
  if (distrust(result).length > 0) return 'not trusted';
  const verdicts = deciding(result).map(({ comparison }) => comparison.verdict);
  const has = (verdict: Comparison['verdict']) => verdicts.includes(verdict);
  if (has('worse')) return 'worse';
  if (has('better')) return 'better';
  if (has('inconclusive')) return 'inconclusive';
  if (has('insufficient data')) return 'insufficient data';
  return has('no practical difference') || isUnchanged(result) ? 'no practical difference' : 'no verdict';
}

/** Head and base are the same bytes wherever they could be compared. */
function isUnchanged(result: Result): boolean {
  return judgedPairs(result).length === 0 && (result.provenance.base?.unchanged ?? []).length > 0;
}

export const FAIL_ON = ['never', 'regression', 'any-worse'] as const;
/**
 * `regression`: a deciding metric is worse by its practical margin or more; `any-worse`: by whatever amount. A difference
 * that chance explains is no worsening to either.
 */
export type FailOn = (typeof FAIL_ON)[number];

export interface Worsening {
  readonly pair: PairResult;
  readonly comparison: Comparison;
}

/** Deciding metrics that are worse; what a control pair shows is noise, not a worsening. */
export function worsenings(result: Result): Worsening[] {
  return deciding(result).filter(({ comparison }) => comparison.verdict === 'worse');
}

/** `neutral` where a run neither clears a change nor convicts it; a run not to be trusted does neither. */
export function conclusionOf(result: Result, failOn: FailOn): 'success' | 'neutral' | 'failure' {
  const outcome = outcomeOf(result);
  if (outcome === 'better' || outcome === 'no practical difference') return 'success';
  if (outcome !== 'worse' || failOn === 'never') return 'neutral';
  const convicted = worsenings(result).some(
    ({ comparison }) => failOn === 'any-worse' || isRegression(comparison),
  );
  return convicted ? 'failure' : 'neutral';
}

function deciding(result: Result): Worsening[] {
  return judgedPairs(result).flatMap((pair) => gatesOf(pair).map((comparison) => ({ pair, comparison })));
}
