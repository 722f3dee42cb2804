/**
 * What the local Lambda adds to an invocation, over functions that do nothing; beside ministack, which also runs
 * deployment packages without Docker. Writes `local-cloud.md`. Run by `npm run benchmark:local-cloud`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { quantileSorted } from 'simple-statistics';
import { type Progress, stderrProgress } from '../src/progress.ts';
import { toolVersions } from '../src/tools/catalogue.ts';
import {
  bareServer,
  localSubjects,
  ministackSubjects,
  ministackVersion,
  type Place,
  packages,
  type Subject,
} from './subjects.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = 5;
const concurrencies = [1, 4];
const warmUps = 50;
/** ministack answers some ten times a second only; its share of a round is smaller. */
const requestsOf = (subject: Subject) => (subject.name === 'ministack' ? 40 : 1000);

interface Row {
  readonly subject: Subject;
  readonly concurrency: number;
  readonly latencies: number[];
  errors: number;
  requests: number;
  cloudMs: number;
  functionMs: number | null;
}

async function main(place: Place): Promise<void> {
  await using artifacts = await packages(place);
  await using bare = await bareServer();
  await using local = await localSubjects(artifacts, place);
  await using ministack = await ministackSubjects(artifacts, place);
  const subjects = [bare, ...local.subjects, ...ministack.subjects];
  const rows = await measure(subjects, place.progress);
  const file = join(root, 'action/benchmarks/local-cloud.md');
  writeFileSync(`${file}.partial`, report(rows));
  renameSync(`${file}.partial`, file);
  process.stdout.write(readFileSync(file, 'utf8'));
}

/** Rounds are interleaved, so that what else the machine does falls on all alike. */
async function measure(subjects: readonly Subject[], progress: Progress): Promise<Row[]> {
  const client = fork(fileURLToPath(new URL('client.mjs', import.meta.url)), { execArgv: [] });
  const rows = subjects.flatMap((subject) =>
    concurrencies.map((concurrency) => emptyRow(subject, concurrency)),
  );
  try {
    for (const row of rows)
      await ask(client, row.subject, Math.min(warmUps, requestsOf(row.subject)), row.concurrency);
    for (let round = 1; round <= rounds; round++) {
      progress.line('benchmark', `round ${round} of ${rounds}`);
      for (const row of rows) await add(row, client);
    }
    return rows;
  } finally {
    client.kill();
  }
}

function emptyRow(subject: Subject, concurrency: number): Row {
  return { subject, concurrency, latencies: [], errors: 0, requests: 0, cloudMs: 0, functionMs: 0 };
}

async function add(row: Row, client: ChildProcess): Promise<void> {
  const before = await row.subject.cpu();
  const { latencies, errors } = await ask(client, row.subject, requestsOf(row.subject), row.concurrency);
  const after = await row.subject.cpu();
  row.latencies.push(...latencies);
  row.errors += errors;
  row.requests += requestsOf(row.subject);
  row.cloudMs += after.cloudMs - before.cloudMs;
  row.functionMs =
    row.functionMs === null || after.functionMs === null || before.functionMs === null
      ? null
      : row.functionMs + after.functionMs - before.functionMs;
}

async function ask(client: ChildProcess, { url }: Subject, requests: number, concurrency: number) {
  client.send({ url, requests, concurrency });
  const [answer] = await once(client, 'message');
  return answer as { latencies: number[]; errors: number };
}

function report(rows: readonly Row[]): string {
  const header = [
    'cloud',
    'function',
    'concurrent',
    'n',
    'p50 ms',
    'p99 ms',
    'p50 over bare server, ms',
    'cloud CPU us',
    'function CPU us',
    'errors',
  ];
  const align = ['l', 'l', ...header.slice(2).map(() => 'r')];
  return [
    '# The local Lambda against ministack, over functions that do nothing\n',
    `${environment()}\n`,
    markdownTable([header, ...rows.map((row) => cells(row, rows))], { align }),
    `\n${verdict(rows)}\n`,
    explanation,
  ].join('\n');
}

function cells(row: Row, rows: readonly Row[]): string[] {
  const perRequest = (ms: number | null) =>
    ms === null ? 'in cloud' : ((ms * 1000) / row.requests).toFixed(0);
  return [
    row.subject.name,
    row.subject.function,
    String(row.concurrency),
    String(row.latencies.length),
    quantile(row, 0.5).toFixed(3),
    quantile(row, 0.99).toFixed(3),
    added(row, rows).toFixed(3),
    perRequest(row.cloudMs),
    perRequest(row.functionMs),
    String(row.errors),
  ];
}

function quantile({ latencies }: Row, p: number): number {
  return quantileSorted(
    [...latencies].sort((a, b) => a - b),
    p,
  );
}

function added(row: Row, rows: readonly Row[]): number {
  const bare = rows.find(
    ({ subject, concurrency }) => subject.function === 'none' && concurrency === row.concurrency,
  );
  return quantile(row, 0.5) - quantile(bare as Row, 0.5);
}

function verdict(rows: readonly Row[]): string {
  const of = (name: string, fn: string) =>
    rows.find(
      ({ subject, concurrency }) => subject.name === name && subject.function === fn && concurrency === 1,
    ) as Row;
  const local = of('local cloud', 'rust-noop');
  const peer = of('ministack', 'rust-noop');
  const cpu = (row: Row) => ((row.cloudMs + (row.functionMs ?? 0)) * 1000) / row.requests;
  return [
    `Sequential, Rust no-op: the whole invocation takes ${quantile(local, 0.5).toFixed(3)} ms at the client (p50, target 0.2 added)`,
    `and ${cpu(local).toFixed(0)} us of CPU, function included (target 400);`,
    `ministack takes ${(quantile(peer, 0.5) / quantile(local, 0.5)).toFixed(0)} times the latency and ${(cpu(peer) / cpu(local)).toFixed(0)} times the CPU.`,
  ].join('\n');
}

function environment(): string {
  const { gofakes3, dynoxide, ...clients } = toolVersions;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown CPU'}, ${process.platform} ${release()},`,
    `Node ${process.versions.node}, awslambdaric ${clients.awslambdaric}, lambda_runtime 1.5.0, ministack ${ministackVersion}.`,
  ].join('\n');
}

const explanation = `Client latency is all there is to a request but its connection: client, gateway, Runtime API, and the
runtime client in the function, which does nothing itself. The bare server answers the same client from the
same Node process, so what is over it is the local Lambda and the function's runtime client. The client is a
process of its own, outside both CPU columns. ministack does not tell its functions' CPU from its own. Rounds of
all subjects are interleaved; compare by ratio, since the machine is shared.
`;

await main({ root, cacheDir: join(root, '.cache'), progress: stderrProgress() });
