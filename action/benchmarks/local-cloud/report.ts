import { availableParallelism, cpus, release } from 'node:os';
import { markdownTable } from 'markdown-table';
import { quantileSorted } from 'simple-statistics';
import { toolVersions } from '../../src/tools/catalogue.ts';
import type { Subject } from './subjects.ts';

/** All that was measured of one subject at one concurrency. */
export interface Row {
  readonly subject: Subject;
  readonly concurrency: number;
  readonly latencies: number[];
  /** Latency less Duration of the same request, ms. */
  readonly outside: number[];
  errors: number;
  requests: number;
  cloudMs: number;
  functionMs: number | null;
}

const columns: readonly (readonly [string, (row: Row, rows: readonly Row[]) => string])[] = [
  ['cloud', ({ subject }) => subject.name],
  ['function', ({ subject }) => subject.function],
  ['concurrent', ({ concurrency }) => String(concurrency)],
  ['n', ({ latencies }) => String(latencies.length)],
  ['errors', ({ errors }) => String(errors)],
  ['p50 ms', ({ latencies }) => ms(quantile(latencies, 0.5))],
  ['p99 ms', ({ latencies }) => ms(quantile(latencies, 0.99))],
  ['p50 over bare server, ms', (row, rows) => ms(overBare(row, rows))],
  ['p50 outside Duration, ms', ({ outside }) => (outside.length > 0 ? ms(quantile(outside, 0.5)) : '')],
  ['cloud CPU us', (row) => us(row.cloudMs, row)],
  ['function CPU us', (row) => (row.functionMs === null ? 'in cloud' : us(row.functionMs, row))],
];

export function report(rows: readonly Row[]): string {
  const align = columns.map((_column, index) => (index < 2 ? 'l' : 'r'));
  const header = columns.map(([name]) => name);
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row, rows)));
  return [
    '# The local Lambda beside ministack, over functions that do nothing',
    machine(),
    markdownTable([header, ...cells], { align }),
    verdict(rows),
    explanation,
  ].join('\n\n');
}

function verdict(rows: readonly Row[]): string {
  const of = (name: string) =>
    rows.find(
      (row) => row.subject.name === name && row.subject.function === 'rust-noop' && row.concurrency === 1,
    ) as Row;
  const [local, peer] = [of('local cloud'), of('ministack')];
  const total = (row: Row) => row.cloudMs + (row.functionMs ?? 0);
  const times = (quantile(peer.latencies, 0.5) / quantile(local.latencies, 0.5)).toFixed(0);
  const cpuTimes = (total(peer) / peer.requests / (total(local) / local.requests)).toFixed(1);
  return [
    'Sequential requests to the Rust no-op, against the targets of at most 0.2 ms (p50) and 400 us of CPU added:',
    '',
    `- latency: ${ms(quantile(local.latencies, 0.5))} ms in all; ${judged(overBare(local, rows), 0.2)} over a bare HTTP server; ${judged(quantile(local.outside, 0.5), 0.2)} outside Duration`,
    `- CPU: ${judged((local.cloudMs * 1000) / local.requests, 400, 0)} in the cloud, ${judged((total(local) * 1000) / local.requests, 400, 0)} with the function`,
    `- ministack takes ${times} times the latency and ${cpuTimes} times the CPU`,
  ].join('\n');
}

function judged(value: number, target: number, digits = 3): string {
  return `${value.toFixed(digits)} (${value <= target ? 'within' : 'MISSES'} ${target})`;
}

function overBare(row: Row, rows: readonly Row[]): number {
  const bare = rows.find(
    ({ subject, concurrency }) => subject.function === 'none' && concurrency === row.concurrency,
  ) as Row;
  return quantile(row.latencies, 0.5) - quantile(bare.latencies, 0.5);
}

function quantile(values: readonly number[], p: number): number {
  return quantileSorted(
    [...values].sort((a, b) => a - b),
    p,
  );
}

function ms(value: number): string {
  return value.toFixed(3);
}

function us(totalMs: number, row: Row): string {
  return ((totalMs * 1000) / row.requests).toFixed(0);
}

function machine(): string {
  return [
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, ${process.platform} ${release()},`,
    `Node ${process.versions.node}, awslambdaric ${toolVersions.awslambdaric}, lambda_runtime 1.5.0, ministack ${toolVersions.ministack}.`,
  ].join('\n');
}

const explanation = `Client latency is all there is to a request but opening its connection: the client's own part, gateway, Runtime
API, and the runtime client in the function, which does nothing itself. The bare server is Node's, in the same
process as the local cloud, and answers the same client: what is over it is the local Lambda and the runtime
client. Outside Duration is what the client sees beyond the Duration that the platform reports for the same
request. The client is a process of its own, in neither CPU column. ministack does not tell its functions' CPU
from its own. Rounds of all subjects are interleaved; compare by ratio, since the machine is shared.
`;
