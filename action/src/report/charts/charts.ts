/** The pictures of a report, in the order in which it shows them. */
import type { Result } from '../../result.ts';
import { attributionChart } from './attribution.ts';
import { blockChart } from './block-ratios.ts';
import { coldChart } from './cold.ts';
import { costChart } from './cost.ts';
import { distributionChart } from './distribution.ts';
import { forestChart } from './forest.ts';
import { type Chart, pathOf, renderChart } from './frame.ts';
import { minutesChart } from './minutes.ts';
import { speedCostChart } from './speed-cost.ts';
import { THEMES } from './theme.ts';

export function chartsOf(result: Result): Chart[] {
  return [
    ...speedCostChart(result),
    ...result.pairs.flatMap((pair, i) => [
      ...forestChart(result, pair, i + 1),
      ...blockChart(result, pair, i + 1),
    ]),
    ...distributionChart(result),
    ...coldChart(result),
    ...costChart(result),
    ...attributionChart(result),
    ...minutesChart(result),
  ];
}

export interface ChartFile {
  /** Relative to the report, with slashes: `charts/forest-1.light.svg`. */
  readonly path: string;
  /** An SVG document. */
  readonly content: string;
}

/** Every chart in both themes: what `report.md` refers to. Equal results give equal bytes. */
export function chartFiles(result: Result): ChartFile[] {
  return chartsOf(result).flatMap(inBothThemes);
}

export function inBothThemes(chart: Chart): ChartFile[] {
  return THEMES.map((theme) => ({ path: pathOf(chart, theme), content: renderChart(chart, theme) }));
}
