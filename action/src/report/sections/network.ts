/** What a network would do to a ratio that was measured without one. */
import type { PairResult, Result, VariantResult } from '../../result.ts';
import { type Block, heading, left, paragraph, right, table } from '../blocks.ts';
import { timesLess } from '../change.ts';
import { factor, given } from '../units.ts';
import { comparisonOf, pairName } from '../words.ts';

export function networkSection({ pairs, variants }: Result): Block[] {
  const projected = pairs.filter((pair) => pair.ioFloor.length > 0);
  if (projected.length === 0) return [];
  return [
    heading(2, 'What a network would do to the ratio'),
    paragraph(note(variants)),
    floorTable(projected),
  ];
}

function note(variants: readonly VariantResult[]): string {
  const waits = variants.some(({ attribution }) => attribution !== null)
    ? 'Each invocation on AWS also waits for S3 and DynamoDB, and that wait is'
    : 'An invocation on AWS also waits for the network to whatever it calls, and that wait is';
  return `This cloud has no network in it. ${waits} much the same for every language, so it pulls the ratio towards 1. The table computes base / head Duration p50 (below 1 where the head is slower) as if both had that much more to wait; it is arithmetic on this run, not a measurement, and leaves out what each language computes for TLS.`;
}

function floorTable(pairs: readonly PairResult[]): Block {
  const floors = [...new Set(pairs.flatMap((pair) => pair.ioFloor.map(({ floorMs }) => floorMs)))].sort(
    (a, b) => a - b,
  );
  const columns = [
    left('Pair'),
    right('Measured (95 % CI)'),
    ...floors.map((floor) => right(`with ${given(floor)} ms more`)),
  ];
  return table(
    columns,
    pairs.map((pair) => [
      pairName(pair),
      measuredRatio(pair),
      ...floors.map((floor) => projection(pair, floor)),
    ]),
  );
}

function measuredRatio(pair: PairResult): string {
  const comparison = comparisonOf(pair, 'duration.p50');
  return timesLess(comparison?.estimate, comparison?.lo, comparison?.hi);
}

function projection(pair: PairResult, floor: number): string {
  return factor(pair.ioFloor.find(({ floorMs }) => floorMs === floor)?.ratio);
}
