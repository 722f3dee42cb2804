import { attributionChart } from './attribution.ts';
import { blockChart } from './block-ratios.ts';
import { coldChart } from './cold.ts';
import { costChart } from './cost.ts';
import { distributionChart } from './distribution.ts';
import { forestChart } from './forest.ts';
import { pathOf, renderChart } from './frame.ts';
import { minutesChart } from './minutes.ts';
import { THEMES } from './theme.ts';
export function chartsOf(result) {
  return [
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
/** Every chart in both themes: what `report.md` refers to. Equal results give equal bytes. */
export function chartFiles(result) {
  return chartsOf(result).flatMap(inBothThemes);
}
export function inBothThemes(chart) {
  return THEMES.map((theme) => ({ path: pathOf(chart, theme), content: renderChart(chart, theme) }));
}
