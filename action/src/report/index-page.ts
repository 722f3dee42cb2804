/** `reports/README.md`: every run that a branch keeps, newest first, and how the verdicts moved from run to run. */
import { METRICS } from '../compare/metrics.ts';
import type { PairResult, Result } from '../result.ts';
import {
  type Block,
  details,
  documentOf,
  finding,
  heading,
  type Link,
  left,
  paragraph,
  picture,
  right,
  table,
} from './blocks.ts';
import { change } from './change.ts';
import { type ChartFile, inBothThemes } from './charts/charts.ts';
import { TREND_METRICS, trendChart } from './charts/trend.ts';
import { distrust, headline } from './sentences.ts';
import { known, measured, moment, NO_VERDICT, plural, shortHash, UNKNOWN } from './units.ts';
import {
  comparisonOf,
  describe,
  gatesOf,
  isDirected,
  listed,
  pairName,
  shortLabel,
  slotMedian,
  verdictWords,
} from './words.ts';

export interface KeptRun {
  /** Path from the repository's root, e.g. `reports/2026/2026-11-24-0edaf1a-pr`. */
  readonly folder: string;
  /** Null for one that this version cannot read. */
  readonly result: Result | null;
}

type ReadRun = KeptRun & { readonly result: Result };

/** Rows of a trend table. */
const TREND_RUNS = 30;

/**
 * @param more `older`: runs that are kept but not among `runs`
 * @returns files by their path in `reports/`
 */
export function renderIndex(
  runs: readonly KeptRun[],
  { older }: { older: number },
): { path: string; content: string }[] {
  const inOrder = [...runs].sort((a, b) => (ageKey(a) < ageKey(b) ? 1 : -1));
  const read = inOrder.filter((run): run is ReadRun => run.result !== null);
  const ofBranches = read.filter(({ folder }) => !isOfPullRequest(folder));
  const { pictures, numbers, files } = courses(ofBranches);
  const blocks = [
    heading(1, 'Benchmark reports'),
    paragraph(introduction(runs, older)),
    ...newest(ofBranches),
    ...pictures,
    table(COLUMNS, inOrder.map(row)),
    ...trends(ofBranches),
    ...numbers,
  ];
  return [{ path: 'README.md', content: documentOf(blocks) }, ...files];
}

/** What the newest run of a branch says of each pair. */
function newest([run]: readonly ReadRun[]): Block[] {
  if (run === undefined) return [];
  const { createdAt, commit } = run.result.provenance;
  return [
    heading(2, `Newest run of a branch: ${moment(createdAt)}, ${shortHash(commit)}`),
    ...distrust(run.result).map(({ lead, rest }) => finding(lead, rest)),
    ...run.result.pairs
      .map((pair) => headline(run.result, pair))
      .map(({ lead, rest }) => finding(lead, rest)),
  ];
}

function ageKey({ result, folder }: KeptRun): string {
  return `${result?.provenance.createdAt ?? (folder.split('/').at(-1) as string)} ${folder}`;
}

function isOfPullRequest(folder: string): boolean {
  return folder.startsWith('reports/pr-');
}

function introduction(runs: readonly KeptRun[], older: number): string {
  const rest = older > 0 ? ` and ${plural(older, 'older one')} in the folders beside this file` : '';
  return `${plural(runs.length, 'run')}, newest first${rest}. This page is made anew from each result.json whenever a report is added; edits are lost.`;
}

const COLUMNS = [left('Time'), left('Of'), left('Profile'), left('Where'), left('Verdict'), left('Report')];

function row({ folder, result }: KeptRun): (string | Link)[] {
  const report = { label: 'report', path: `${folder.replace(/^reports\//, '')}/report.md` };
  if (result === null) {
    const name = folder.split('/').at(-1) as string;
    return [name.slice(0, 10), origin(folder, null), '', '', 'its result.json cannot be read', report];
  }
  const { provenance, design } = result;
  return [
    moment(provenance.createdAt),
    origin(folder, provenance.commit),
    design.profile,
    provenance.target.label,
    verdicts(result),
    report,
  ];
}

function origin(folder: string, commit: string | null): string {
  const pullRequest = /^reports\/pr-(\d+)\//.exec(folder)?.[1];
  const sha = shortHash(commit);
  return pullRequest === undefined ? sha : `pull request ${pullRequest}, ${sha}`;
}

function verdicts(result: Result): string {
  const each = result.pairs.map((pair) => `${pairName(pair)}: ${verdict(pair)}`).join('; ');
  const trusted = distrust(result).length === 0 ? '' : 'not to be trusted; ';
  return `${trusted}${each === '' ? 'no pair was compared' : each}`;
}

/** `better in 3 of 5 (Duration p50 3.2x less)`; of a control, whether it was clean. */
function verdict(pair: PairResult): string {
  const gates = gatesOf(pair);
  const first = comparisonOf(pair, 'duration.p50') ?? gates[0];
  if (first === undefined) return 'nothing compared';
  const size = `${shortLabel(first.metric)} ${change(first.estimate, first.lo, first.hi).estimate}`;
  const directions = (['worse', 'better'] as const).flatMap((direction) => {
    const count = gates.filter((gate) => gate.verdict === direction).length;
    return count === 0 ? [] : [`${direction} in ${count} of ${gates.length}`];
  });
  if (directions.length === 0) return `${pair.control ? controlWords(pair) : verdictWords(first)} (${size})`;
  return `${pair.control ? 'control, ' : ''}${listed(directions)} (${size})`;
}

const controlWords = ({ noise }: PairResult) =>
  noise?.clean === null ? 'the same code, too little to tell' : 'the same code, no difference found';

/** Runs in a trend's picture: more would be too close to tell apart. */
const DRAWN_RUNS = 60;

const OTHER_MACHINES =
  'Runs may be of different machines, hours and versions of the code, which move latencies: from run to run, ratios tell more than the times drawn here. Pictures leave out cold starts of a run that started its environments once.';

/** A picture and a table per place and size, because numbers of different ones are not to be read as one line. */
function courses(runs: readonly ReadRun[]): { pictures: Block[]; numbers: Block[]; files: ChartFile[] } {
  const lines = new Map<string, Result[]>();
  for (const { result } of runs) lines.set(placeOf(result), [...(lines.get(placeOf(result)) ?? []), result]);
  const drawn = [...lines].flatMap(([place, results], i) =>
    trendChart(results.slice(0, DRAWN_RUNS).reverse(), i + 1).map((chart) => ({ chart, place, results })),
  );
  return {
    pictures: chapter(
      'By run',
      OTHER_MACHINES,
      drawn.flatMap(({ chart, place }) => [heading(3, place), picture(chart)]),
    ),
    numbers: drawn.map(({ place, results }) =>
      details(`The numbers by run: ${place}`, [valueTable(results.slice(0, DRAWN_RUNS))]),
    ),
    files: drawn.flatMap(({ chart }) => inBothThemes(chart)),
  };
}

function placeOf({ provenance, variants }: Result): string {
  // Null for an import.
  const sizes = variants.flatMap(({ memoryMb, architecture }) =>
    memoryMb === null || architecture === null ? [] : [`${memoryMb} MB ${architecture}`],
  );
  return [provenance.target.label, listed([...new Set(sizes)])].filter((part) => part !== '').join(', ');
}

function valueTable(results: readonly Result[]): Block {
  const names = [...new Set(results.flatMap(({ variants }) => variants.map(({ name }) => name)))];
  const cells = names.flatMap((name) => TREND_METRICS.map((metric) => ({ name, metric })));
  const columns = cells.map(({ name, metric }) =>
    right(`${name}: ${shortLabel(metric)}, ${describe(metric).unit}`),
  );
  return table(
    [left('Time'), left('Commit'), ...columns],
    results.map((result) => [
      moment(result.provenance.createdAt),
      shortHash(result.provenance.commit),
      ...cells.map(({ name, metric }) => measured(slotMedian(result, name, metric))),
    ]),
  );
}

/** One table per pair and place: numbers of different places are not to be read as one line. */
function trends(runs: readonly ReadRun[]): Block[] {
  const lines = new Map<string, ReadRun[]>();
  for (const run of runs)
    for (const pair of run.result.pairs.filter(({ control }) => !control)) {
      const name = `${pairName(pair)} (${placeOf(run.result)})`;
      lines.set(name, [...(lines.get(name) ?? []), run]);
    }
  const tables = [...lines]
    .filter(([, line]) => line.length > 1)
    .flatMap(([name, line]) => trend(name, line));
  return chapter('Trends', EACH_BY_ITSELF, tables);
}

const EACH_BY_ITSELF = `What the first variant of a heading used beside the second, run by run; ${NO_VERDICT} marks a difference without a verdict of better or worse. Each run is judged by itself: the interval of one holds nothing of what changes from run to run, and two runs of the same code may differ by more.`;

/** What holds of all its parts is said once; nothing, of none. */
const chapter = (title: string, note: string, parts: readonly Block[]): Block[] =>
  parts.length === 0 ? [] : [heading(2, title), paragraph(note), ...parts];

function trend(name: string, line: readonly ReadRun[]): Block[] {
  const gates = METRICS.filter(({ family }) => family === 'gate');
  const columns = [
    left('Time'),
    left('Commit'),
    left('Profile'),
    ...gates.map(({ id }) => right(shortLabel(id))),
  ];
  const rows = line.slice(0, TREND_RUNS).map(({ result }) => {
    const { provenance, design } = result;
    const cells = gates.map(({ id }) => trendCell(pairNamed(result, name), id));
    return [moment(provenance.createdAt), shortHash(provenance.commit), design.profile, ...cells];
  });
  return [heading(3, name), table(columns, rows)];
}

function pairNamed(result: Result, name: string): PairResult | undefined {
  return result.pairs.find((pair) => `${pairName(pair)} (${placeOf(result)})` === name);
}

function trendCell(pair: PairResult | undefined, metric: string): string {
  const comparison = pair && comparisonOf(pair, metric);
  if (!known(comparison?.estimate)) return UNKNOWN;
  const { estimate } = change(comparison.estimate, comparison.lo, comparison.hi);
  return isDirected(comparison.verdict) ? estimate : `${NO_VERDICT} ${estimate}`;
}
