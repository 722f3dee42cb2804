/** The pictures of a report, in the order in which it shows them. */
import type { Result } from '../../result.ts';
import { attributionChart } from './attribution.ts';
import { blockChart } from './block-ratios.ts';
import { coldChart } from './cold.ts';
import { costChart } from './cost.ts';
import { distributionChart } from './distribution.ts';
import { forestChart } from './forest.ts';
import type { Chart } from './frame.ts';

export function chartsOf(result: Result): Chart[] {
  return [
    ...result.pairs.flatMap((pair, i) => [
      ...forestChart(result, pair, i + 1),
      ...blockChart(result, pair, i + 1),
    ]),
    ...distributionChart(result),
    ...coldChart(result),
    ...costChart(result),
    ...attributionChart(result),
  ];
}
