/** A report as the files it is committed as, rendered from the result alone. */
import { chartFiles, chartsOf } from '../report/charts/charts.ts';
import { pathOf } from '../report/charts/frame.ts';
import type { ChartImage } from '../report/links.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Result } from '../result.ts';
import type { ReportFile } from './report-folder.ts';

/** All but `result.json`. */
export function reportFiles(result: Result): ReportFile[] {
  return [{ path: 'report.md', content: renderMarkdown(result) }, ...chartFiles(result)];
}

/** Those a comment shows, linked by the commit: the pairs at a glance, the rest is in the report. */
export function reportCharts(result: Result): ChartImage[] {
  const glance = chartsOf(result).filter(({ name }) => name.startsWith('forest-'));
  return glance.map((chart) => ({
    name: chart.name,
    alt: chart.alt,
    light: pathOf(chart, { name: 'light' }),
    dark: pathOf(chart, { name: 'dark' }),
  }));
}
