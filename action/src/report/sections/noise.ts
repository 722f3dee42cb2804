/** What a control pair measured: how far identical code can seem to differ in this run. */
import type { PairResult } from '../../result.ts';
import { type Block, left, paragraph, right, table } from '../blocks.ts';
import { change, sizeOf } from '../change.ts';
import { describe } from '../words.ts';

export function noiseBlocks({ noise }: PairResult): Block[] {
  if (noise === null || noise.floor.length === 0) return [];
  return [paragraph(NOTE), floorTable(noise.floor)];
}

const NOTE =
  'Noise floor: both sides are the same code, so whatever differs between them is noise. Between other variants, a difference smaller than "at most" is no larger than what noise may have made of the same code in this run.';

function floorTable(floor: NonNullable<PairResult['noise']>['floor']): Block {
  return table(
    [left('Metric'), right('Seen'), right('At most (95 % CI)')],
    floor.map(({ metric, estimate, bound }) => [
      describe(metric).label,
      change(estimate).estimate,
      bound === null ? 'unbounded' : sizeOf(bound),
    ]),
  );
}
