import { availableParallelism, cpus, release } from 'node:os';
import { markdownTable } from 'markdown-table';
import { median } from 'simple-statistics';
import type { Row } from '../benchmark.ts';
import type { Cost } from './measure.ts';
import { type File, peerVersions } from './subjects.ts';

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
  /** What was measured, in words. */
  readonly commit: string;
  readonly now: Date;
}

/** All of `action/benchmarks/README.md` but the local cloud. */
export function page(findings: Findings): string {
  const { requests, rounds, now, commit, jqVersion } = findings;
  return `${[
    '# What reading, merging and reporting cost',
    `Written by \`npm run benchmark -- --requests ${requests} --rounds ${rounds}\` on ${now.toISOString().slice(0, 10)} at ${commit}: ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, ${process.platform} ${release()}, Node ${process.versions.node}, DuckDB ${peerVersions.duckdb}, pandas ${peerVersions.pandas} without pyarrow, ${jqVersion ?? 'no jq'}. Times are of the whole process, start included, medians of ${rounds}; a peak is the highest of them, and MB are millions of bytes. Factors and checks compare CPU, because what a reader adds to a run is what it takes of the processors; wall time stands beside it, because a reader with several threads is done sooner than its CPU says. Readers take turns within a round. The files are invented and have the shape of k6's own. All that answer give the same number of requests and the same three quantiles, or this page is not written.`,
    ...(['json', 'csv', 'lean'] as const).map((file) => section(file, findings)),
    targets(findings),
  ].join('\n\n')}\n`;
}

const TITLES = {
  json: "k6's JSON (`--out json`)",
  csv: "k6's CSV (`--out csv`)",
  lean: 'The lean CSV of our own runs',
};

function section(file: keyof typeof TITLES, { rows, requests, leanRequests }: Findings): string {
  const shown = rows.filter(({ subject }) => subject.file === file);
  const [floor] = shown;
  const ours = shown.find(({ subject }) => subject.name.startsWith('ours'))!;
  const count = file === 'lean' ? leanRequests : requests;
  const table = shown.map((row) => [
    row.subject.name,
    cpu(row).toFixed(2),
    wall(row).toFixed(2),
    `${(cpu(row) / cpu(ours)).toFixed(1)}x`,
    `${(cpu(row) / cpu(floor!)).toFixed(1)}x`,
    peak(row).toFixed(0),
  ]);
  return `## ${TITLES[file]}: ${count} requests, ${(ours.bytes / 1e6).toFixed(0)} MB\n\n${markdownTable([['Reader', 'CPU, s', 'Wall, s', 'CPU of ours', 'CPU of wc -l', 'Peak, MB'], ...table], { align: ['l', 'r', 'r', 'r', 'r', 'r'] })}`;
}

type Measured = Pick<Row, 'costs'>;
const cpu = ({ costs }: Measured): number => median(costs.map(({ cpuSeconds }) => cpuSeconds));
const wall = ({ costs }: Measured): number => median(costs.map(({ wallSeconds }) => wallSeconds));
const peak = ({ costs }: Measured): number => Math.max(...costs.map(({ peakMb }) => peakMb));

/** What was promised, and what was seen. */
function targets(findings: Findings): string {
  const lines = [...leanTargets(findings), ...jsonTargets(findings), ...ourCosts(findings)];
  return `## Against what was promised\n\n${markdownTable([['What', 'Seen', 'Promised', ''], ...lines], { align: ['l', 'r', 'r', 'l'] })}`;
}

function leanTargets({ leanRequests, rows }: Findings): string[][] {
  const of = (name: string) => rowOf(rows, 'lean', name);
  const [one, all] = [of('ours, one metric'), of('ours, all metrics')];
  const perMillion = (row: Row) => (cpu(row) * 1e6) / leanRequests;
  const scaled = leanRequests === 1e6 ? '' : ` (scaled from ${leanRequests})`;
  return [
    target(`One metric of a million requests${scaled}, lean CSV, CPU s`, perMillion(one), 1.3),
    target(`All metrics of a million requests${scaled}, lean CSV, CPU s`, perMillion(all), 4),
    target(`Peak of either, of ${leanRequests} requests, MB`, Math.max(peak(one), peak(all)), 80),
    unjudged('Ours, one metric, over wc -l, lean CSV, CPU', times(one, of('wc -l (the floor)'))),
    unjudged('Ours, all metrics, over wc -l, lean CSV, CPU', times(all, of('wc -l (the floor)'))),
    atLeast('DuckDB over ours, one metric, lean CSV, CPU', of('DuckDB read_csv, one metric'), one, 4),
  ];
}

/** Of every request its end and latency, in the series that was read and in the slots made of it. */
const KEPT_BYTES = 32;

/** Memory is flat but for what is kept of every request; three in four of them are in the whole file only. */
function jsonTargets({ requests, rows }: Findings): string[][] {
  const ours = rowOf(rows, 'json', 'ours');
  const peaks = [peak(rowOf(rows, 'quarter', 'ours')), peak(ours)] as const;
  return [
    atLeast('DuckDB over ours, JSON, CPU', rowOf(rows, 'json', 'DuckDB read_json'), ours, 3),
    unjudged('Peak of reading a quarter of the JSON, and all of it, MB', listed(peaks)),
    unjudged('Growth of that peak, %', growth(...peaks).toFixed(1)),
    target(
      `Growth of that peak without the ${KEPT_BYTES} bytes of every request that are its exact times and latencies, %`,
      growth(peaks[0], peaks[1] - (0.75 * requests * KEPT_BYTES) / 1e6),
      10,
    ),
  ];
}

const rowOf = (rows: readonly Row[], file: File, name: string): Row =>
  rows.find(({ subject }) => subject.file === file && subject.name === name)!;

/** What no other reader does. */
function ourCosts({ requests, record, analyse, starts }: Findings): string[][] {
  const { rss, cpuSeconds } = JSON.parse(record.output) as Recording;
  const { merged, mergeSeconds, renderSeconds } = JSON.parse(analyse.output) as Analysed;
  const recorded = 10 * requests;
  const recordingUs = (cpuSeconds * 1e6) / recorded;
  const start = { costs: starts };
  return [
    target(
      `Growth of memory from the first tenth to the last of ${recorded} recorded requests, %`,
      growth(rss[0]!, rss.at(-1)!),
      10,
    ),
    unjudged('Memory while recording them, MB (RSS at each tenth)', listed(rss)),
    unjudged('Recording a request: scan, count, write down, CPU us', recordingUs.toFixed(2)),
    unjudged(
      `Merging three shards of ${merged} requests together, comparison included, CPU s`,
      mergeSeconds.toFixed(2),
    ),
    unjudged('Peak memory of that, MB', analyse.peakMb.toFixed(0)),
    unjudged('Rendering a report, CPU ms', (1000 * renderSeconds).toFixed(1)),
    unjudged('Starting the bundled action, CPU ms', `${ms(cpu(start))} (wall ${ms(wall(start))})`),
  ];
}

/** In per cent. */
const growth = (from: number, to: number): number => 100 * (to / from - 1);

const ms = (seconds: number): string => (1000 * seconds).toFixed(0);
const listed = (mb: readonly number[]): string => mb.map((value) => value.toFixed(0)).join(' ');

/** What `record.ts` prints. */
interface Recording {
  /** MB, at each tenth. */
  readonly rss: readonly number[];
  readonly cpuSeconds: number;
}

/** What `analyse.ts` prints. */
interface Analysed {
  /** Requests of all shards together. */
  readonly merged: number;
  readonly mergeSeconds: number;
  readonly renderSeconds: number;
}

const unjudged = (what: string, seen: string): string[] => [what, seen, '', ''];

const target = (what: string, seen: number, most: number): string[] => [
  what,
  seen.toFixed(2),
  `at most ${most}`,
  seen <= most ? 'kept' : 'MISSED',
];

/** Judged by CPU. */
const atLeast = (what: string, other: Row, ours: Row, least: number): string[] => [
  what,
  times(other, ours),
  `at least ${least}x`,
  cpu(other) / cpu(ours) >= least ? 'kept' : 'MISSED',
];

const times = (a: Measured, b: Measured): string =>
  `${(cpu(a) / cpu(b)).toFixed(1)}x (wall ${(wall(a) / wall(b)).toFixed(1)}x)`;
