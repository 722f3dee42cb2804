import { availableParallelism, cpus, release } from 'node:os';
import { markdownTable } from 'markdown-table';
import { median } from 'simple-statistics';
import type { Row } from '../benchmark.ts';
import type { Cost } from './measure.ts';
import { peerVersions } from './subjects.ts';

export interface Findings {
  readonly requests: number;
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** In the lean CSV. */
  readonly leanRequests: number;
  /** Of `record.ts` and `analyse.ts`. */
  readonly record: Cost;
  readonly analyse: Cost;
  /** Of the bundled action, up to where it refuses to run outside of GitHub. */
  readonly starts: readonly Cost[];
  readonly jqVersion: string | null;
  readonly now: Date;
}

/** The whole of `action/benchmarks/README.md`. */
export function page(findings: Findings): string {
  const { requests, rounds, rows, now, jqVersion } = findings;
  return `${[
    '# What reading, merging and reporting cost',
    `Written by \`npm run benchmark -- --requests ${requests} --rounds ${rounds}\` on ${now.toISOString().slice(0, 10)}: ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, ${process.platform} ${release()}, Node ${process.versions.node}, DuckDB ${peerVersions.duckdb}, pandas ${peerVersions.pandas}, ${jqVersion ?? 'no jq'}. Times are of the whole process, start included, medians of ${rounds}; factors compare CPU, because what a reader adds to a run is what it takes of the processors, and a reader with several threads is done sooner than its CPU says; readers take turns within a round. The files are invented and have the shape of k6's own. All that answer give the same number of requests and the same three quantiles, or this page is not written.`,
    ...(['json', 'csv', 'lean'] as const).map((file) => section(file, rows)),
    targets(findings),
    'The local Lambda was measured after this, in the same run: see [local-cloud.md](local-cloud.md).',
  ].join('\n\n')}\n`;
}

const TITLES = {
  json: "k6's JSON (`--out json`)",
  csv: "k6's CSV (`--out csv`)",
  lean: 'the lean CSV of our own runs',
};

function section(file: keyof typeof TITLES, rows: readonly Row[]): string {
  const shown = rows.filter(({ subject }) => subject.file === file);
  const [floor] = shown;
  const ours = shown.find(({ subject }) => subject.name.startsWith('ours'))!;
  const table = shown.map((row) => [
    row.subject.name,
    cpu(row).toFixed(2),
    wall(row).toFixed(2),
    `${(cpu(row) / cpu(ours)).toFixed(1)}x`,
    `${(cpu(row) / cpu(floor!)).toFixed(1)}x`,
    peak(row).toFixed(0),
  ]);
  return `## ${TITLES[file]}, ${(ours.bytes / 1e6).toFixed(0)} MB\n\n${markdownTable([['Reader', 'CPU, s', 'Wall, s', 'CPU of ours', 'CPU of wc -l', 'Peak, MB'], ...table], { align: ['l', 'r', 'r', 'r', 'r', 'r'] })}`;
}

const cpu = ({ costs }: Pick<Row, 'costs'>): number => median(costs.map(({ cpuSeconds }) => cpuSeconds));
const wall = ({ costs }: Row): number => median(costs.map(({ wallSeconds }) => wallSeconds));
const peak = ({ costs }: Row): number => Math.max(...costs.map(({ peakMb }) => peakMb));

/** What was promised, and what was seen. */
function targets(findings: Findings): string {
  const { leanRequests, rows } = findings;
  const row = (file: string, name: string) =>
    rows.find(({ subject }) => subject.file === file && subject.name === name)!;
  const of = (file: string, name: string) => cpu(row(file, name));
  const perMillion = (seconds: number) => (seconds * 1e6) / leanRequests;
  const lines = [
    target(
      'One metric of a million requests, lean CSV, CPU s',
      perMillion(of('lean', 'ours, one metric')),
      1.3,
    ),
    target(
      'All metrics of a million requests, lean CSV, CPU s',
      perMillion(of('lean', 'ours, all metrics')),
      4,
    ),
    target(
      `Peak of either, of ${leanRequests} requests, MB`,
      Math.max(peak(row('lean', 'ours, one metric')), peak(row('lean', 'ours, all metrics'))),
      80,
    ),
    [
      'Ours over wc -l, all metrics, lean CSV',
      `${(of('lean', 'ours, all metrics') / of('lean', 'wc -l (the floor)')).toFixed(1)}x`,
      '',
      '',
    ],
    atLeast(
      'DuckDB over ours, one metric, lean CSV',
      of('lean', 'DuckDB read_csv') / of('lean', 'ours, one metric'),
      4,
    ),
    atLeast('DuckDB over ours, JSON', of('json', 'DuckDB read_json') / of('json', 'ours'), 3),
    target(
      'Growth of the peak from a quarter of the JSON to all of it, %',
      growth(peak(row('quarter', 'ours')), peak(row('json', 'ours'))),
      10,
    ),
    ...ourCosts(findings),
  ];
  return `## Against what was promised\n\n${markdownTable([['What', 'Seen', 'Promised', ''], ...lines], { align: ['l', 'r', 'r', 'l'] })}`;
}

/** What no other reader does. */
function ourCosts({ requests, record, analyse, starts }: Findings): string[][] {
  const { rss, cpuSeconds } = JSON.parse(record.output) as Recording;
  const { merged, mergeSeconds, renderSeconds } = JSON.parse(analyse.output);
  return [
    target(
      `Growth of memory from the first tenth to the last of ${10 * requests} recorded requests, %`,
      growth(rss[0]!, rss.at(-1)!),
      10,
    ),
    ['Memory while recording them, MB (RSS at each tenth)', rss.map((mb) => mb.toFixed(0)).join(' '), '', ''],
    [
      'Recording a request: scan, count, write down, CPU us',
      ((cpuSeconds * 1e6) / (10 * requests)).toFixed(2),
      '',
      '',
    ],
    [
      `Merging three shards of ${merged} requests, comparison included, CPU s`,
      mergeSeconds.toFixed(2),
      '',
      '',
    ],
    ['Peak memory of that, MB', analyse.peakMb.toFixed(0), '', ''],
    ['Rendering a report, CPU ms', (1000 * renderSeconds).toFixed(1), '', ''],
    ['Starting the bundled action, CPU ms', (1000 * cpu({ costs: starts })).toFixed(0), '', ''],
  ];
}

/** In per cent. */
const growth = (from: number, to: number): number => 100 * (to / from - 1);

/** What `record.ts` prints. */
interface Recording {
  /** MB, at each tenth. */
  readonly rss: readonly number[];
  readonly cpuSeconds: number;
}

const target = (what: string, seen: number, most: number): string[] => [
  what,
  seen.toFixed(2),
  `at most ${most}`,
  seen <= most ? 'kept' : 'MISSED',
];
const atLeast = (what: string, seen: number, least: number): string[] => [
  what,
  `${seen.toFixed(1)}x`,
  `at least ${least}x`,
  seen >= least ? 'kept' : 'MISSED',
];
