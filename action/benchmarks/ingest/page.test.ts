import { expect, it } from 'vitest';
import type { Row } from '../benchmark.ts';
import type { Cost } from './measure.ts';
import { type Findings, page } from './page.ts';
import { subjects } from './subjects.ts';

const cost = (cpuSeconds: number, peakMb = 60, output = ''): Cost => ({
  ...{ cpuSeconds, peakMb, output },
  wallSeconds: 1,
});

/** DuckDB takes five times our CPU in the same time; memory grows by a fifth with the JSON, and while recording. */
function findings(leanRequests: number, leanPeakMb: number): Findings {
  const peaks = { quarter: 60, json: 72, csv: 60, lean: leanPeakMb };
  const rows = subjects({ bundles: '', duckdb: '', pandas: '', jq: null }).map(
    (subject): Row => ({
      ...{ subject, bytes: 1e6 },
      costs: [cost(subject.name.startsWith('DuckDB') ? 5 : 1, peaks[subject.file])],
    }),
  );
  return {
    ...{ requests: 1000, leanRequests, rounds: 1, rows, jqVersion: null },
    ...{ commit: 'commit abc1234', now: new Date(0) },
    record: cost(9, 60, JSON.stringify({ rss: [50, 60], cpuSeconds: 0.02 })),
    analyse: cost(9, 70, JSON.stringify({ merged: 999, mergeSeconds: 0.5, renderSeconds: 0.01 })),
    starts: [cost(0.3)],
  };
}

/** What the row that begins so says: seen, promised, judged. */
function said(text: string, what: string): string[] {
  const row = text.split('\n').find((line) => line.startsWith(`| ${what}`)) ?? '';
  const cells = row.split('|').slice(2, -1);
  return cells.map((cell) => cell.trim());
}

it('holds what was seen against what was promised, by CPU, and tells wall time beside it', () => {
  const text = page(findings(1e6, 79));
  expect(said(text, 'One metric of a million requests, lean')).toEqual(['1.00', 'at most 1.3', 'kept']);
  expect(said(text, 'All metrics of a million requests, lean')).toEqual(['1.00', 'at most 4', 'kept']);
  expect(said(text, 'Peak of either, of 1000000 requests')).toEqual(['79.00', 'at most 80', 'kept']);
  expect(said(text, 'Ours, all metrics, over wc -l')).toEqual(['1.0x (wall 1.0x)', '', '']);
  expect(said(text, 'DuckDB over ours, one metric')).toEqual(['5.0x (wall 1.0x)', 'at least 4x', 'kept']);
  expect(said(text, 'DuckDB over ours, JSON')).toEqual(['5.0x (wall 1.0x)', 'at least 3x', 'kept']);
  expect(said(text, 'Recording a request')).toEqual(['2.00', '', '']);
  expect(said(text, 'Merging three shards of 999 requests')).toEqual(['0.50', '', '']);
  expect(said(text, 'Starting the bundled action')).toEqual(['300 (wall 1000)', '', '']);
});

it('names the commit that it measured, and the readers that read one metric of the lean CSV', () => {
  const text = page(findings(1e6, 79));
  expect(text).toContain('on 1970-01-01 at commit abc1234: ');
  const lean = text.split('## The lean CSV')[1]!;
  expect(said(lean, 'DuckDB read_csv, one metric')[0]).toBe('5.00');
  expect(said(lean, 'pandas read_csv in chunks, one metric')[0]).toBe('1.00');
});

it('says what was missed, and from how many requests it was scaled', () => {
  const text = page(findings(5e5, 81));
  expect(said(text, 'One metric of a million requests (scaled from 500000)')).toEqual([
    '2.00',
    'at most 1.3',
    'MISSED',
  ]);
  expect(said(text, 'Peak of either, of 500000 requests')).toEqual(['81.00', 'at most 80', 'MISSED']);
  expect(said(text, 'Peak of reading a quarter of the JSON')).toEqual(['60 72', '', '']);
  expect(said(text, 'Growth of that peak, %')).toEqual(['20.0', '', '']);
  // Of 1000 requests three quarters are 24 kB.
  expect(said(text, 'Growth of that peak without')).toEqual(['19.96', 'at most 10', 'MISSED']);
  expect(said(text, 'Growth of memory')).toEqual(['20.00', 'at most 10', 'MISSED']);
});
