import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import {
  CSV_HEADER,
  csvLines,
  jsonLines,
  LEAN_HEADER,
  leanLines,
  requests,
  writeRequests,
} from './generate.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-read-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** p50, p95 and p99 of 2001 latencies, of which none lies between two. */
function quantilesOf(count: number, withFailed: boolean): number[] {
  const latencies: number[] = [];
  for (const ms of requests(count, (_, ms, failed) => (failed && !withFailed ? '' : String(ms))))
    if (ms !== '') latencies.push(Number(ms));
  expect(latencies).toHaveLength(2001);
  latencies.sort((a, b) => a - b);
  return [1000, 1900, 1980].map((at) => latencies[at]!);
}

// One request in a thousand failed: k6's files tell which, and the lean one is asked for all.
it.each([
  { name: "k6's JSON", kind: 'k6', count: 2003, lines: jsonLines, header: '' },
  { name: "k6's CSV", kind: 'k6', count: 2003, lines: csvLines, header: CSV_HEADER },
  { name: 'one metric', kind: 'lean-one', count: 2001, lines: leanLines, header: LEAN_HEADER },
  { name: 'all metrics', kind: 'lean-all', count: 2001, lines: leanLines, header: LEAN_HEADER },
])('counts the requests of a file and finds their quantiles: $name', async (of) => {
  const file = join(folder, of.kind);
  writeRequests(file, of.count, of.lines, of.header);
  const script = join(import.meta.dirname, 'read.ts');
  const { stdout } = await execa(process.execPath, ['--import', 'tsx', script, of.kind, file]);
  const [count, ...quantiles] = stdout.split(' ').map(Number);
  expect(count).toBe(of.count);
  for (const [at, ms] of quantilesOf(of.count, of.kind !== 'k6').entries())
    expect(quantiles[at]).toBeCloseTo(ms, 6);
});
