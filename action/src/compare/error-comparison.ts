import type { ErrorComparison } from '../result.ts';
import { type Arm, allBlocks } from './arm.ts';
import { type Counts, newcombe } from './newcombe.ts';
import { sum } from './quantile.ts';
import { signedRank } from './signed-rank.ts';

/** Errors of both arms; every request counts, whatever its phase. An arm without requests has no rate to compare. */
export function compareErrors(base: Arm, head: Arm): ErrorComparison {
  const a = countsOf(base);
  const b = countsOf(head);
  if (a.requests === 0 || b.requests === 0) return { ...NOTHING, base: rateOf(a, 1), head: rateOf(b, 1) };
  const { difference, lo, hi, designEffects } = newcombe(a, b);
  return {
    base: rateOf(a, designEffects.base),
    head: rateOf(b, designEffects.head),
    difference,
    lo,
    hi,
    p: pairedP(base, head),
    upperBound: a.errors + b.errors === 0 ? upperBoundWithoutErrors(Math.min(a.requests, b.requests)) : null,
  };
}

const NOTHING = { difference: null, lo: null, hi: null, p: null, upperBound: null };

interface ArmCounts extends Counts {
  readonly errors: number;
  readonly requests: number;
}

function countsOf(arm: Arm): ArmCounts {
  const slots = [...arm.slots.values()].filter((slot) => slot.requests > 0);
  const events = slots.map((slot) => slot.errors);
  const sizes = slots.map((slot) => slot.requests);
  return { events, sizes, errors: sum(events), requests: sum(sizes) };
}

function rateOf({ errors, requests }: ArmCounts, designEffect: number): ErrorComparison['base'] {
  return { errors, requests, rate: requests === 0 ? null : errors / requests, designEffect };
}

/** The signed-rank test on the difference of rates block by block: a burst in one block counts as one block. */
function pairedP(base: Arm, head: Arm): number | null {
  const differences = allBlocks(base, head).flatMap((block) => {
    const [a, b] = [base.slots.get(block), head.slots.get(block)];
    if (!a || !b || a.requests === 0 || b.requests === 0) return [];
    return [b.errors / b.requests - a.errors / a.requests];
  });
  return differences.length === 0 ? null : signedRank(differences).p;
}

/** The rate that would have shown at least one error in 95 % of runs: Clopper & Pearson 1934 at zero events, about 3 / n. */
function upperBoundWithoutErrors(requests: number): number {
  return 1 - 0.05 ** (1 / requests);
}
