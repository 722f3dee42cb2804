/** Shapes of one language against each other: what a choice within the language makes of a ratio between languages. */
import type { PairResult, Result } from '../../result.ts';
import { type Block, left, paragraph, right, table } from '../blocks.ts';
import { change } from '../change.ts';
import { comparisonOf, describe, pairName, variantOf } from '../words.ts';

const METRICS = ['duration.p50', 'cpu.mean', 'cold.total', 'memory.max'] as const;

/** Nothing where no two variants of one runtime, built in one way, under the same conditions, were compared. */
export function choiceBlocks(result: Result): Block[] {
  const pairs = choicePairs(result);
  if (pairs.length === 0) return [];
  const columns = METRICS.flatMap((id) => [right(describe(id).label), right('95 % CI')]);
  return [
    paragraph(NOTE),
    table(
      [left('Shape'), ...columns],
      pairs.map((pair) => [pairName(pair), ...METRICS.flatMap((id) => cells(pair, id))]),
    ),
  ];
}

const NOTE =
  'How much of it is the language, and how much the shape: the two of each row run on the same runtime under the same conditions. What slows the slower language down enlarges the ratio between languages; what slows the faster one down shrinks it.';

function choicePairs(result: Result): PairResult[] {
  // A commit against its base is no choice of a shape.
  if (result.provenance.base !== null) return [];
  return result.pairs.filter((pair) => !pair.control && isSameButShape(result, pair));
}

function isSameButShape(result: Result, pair: PairResult): boolean {
  const [base, head] = [variantOf(result, pair.base), variantOf(result, pair.head)];
  if (base === undefined || head === undefined) return false;
  return (['runtime', 'build', 'memoryMb', 'architecture'] as const).every(
    (condition) => base[condition] === head[condition],
  );
}

function cells(pair: PairResult, id: string): string[] {
  const comparison = comparisonOf(pair, id);
  const { estimate, interval } = change(comparison?.estimate, comparison?.lo, comparison?.hi);
  return [estimate, interval];
}
