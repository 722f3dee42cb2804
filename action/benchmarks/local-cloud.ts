/**
 * What the local Lambda adds to an invocation, over functions that do nothing; beside ministack, which also runs
 * deployment packages without Docker. Writes `local-cloud.md`. Run by `npm run benchmark:local-cloud`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../src/command.ts';
import { parseOptions } from '../src/options.ts';
import { stderrProgress } from '../src/progress.ts';
import { writeWhole } from '../src/publish/files.ts';
import { type Row, report } from './local-cloud/report.ts';
import {
  bareServer,
  localSubjects,
  ministackSubjects,
  type Place,
  packages,
  type Subject,
} from './local-cloud/subjects.ts';

const USAGE = `Usage: npm run benchmark:local-cloud

  Measures what the local Lambda adds to an invocation, beside ministack; writes action/benchmarks/local-cloud.md.`;

const rounds = 5;
const concurrencies = [1, 4];
const warmUps = 50;
/** ministack answers some ten times a second only; its share of a round is smaller. */
const requestsOf = (subject: Subject) => (subject.name === 'ministack' ? 40 : 1000);

/** The entry of `npm run benchmark:local-cloud`. Resolves to the exit code. */
export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async (signal) => {
    parseOptions(argv, { options: {} }, USAGE);
    const place = { root, cacheDir: join(root, '.cache'), progress: stderrProgress(), signal };
    process.stdout.write(await benchmarkLocalCloud(place, join(root, 'action/benchmarks')));
    return 0;
  });
}

/** Writes `local-cloud.md`, and returns what is in it. */
export async function benchmarkLocalCloud(place: Place, outDir: string): Promise<string> {
  await using artifacts = await packages(place);
  await using bare = await bareServer();
  await using local = await localSubjects(artifacts, place);
  await using ministack = await ministackSubjects(artifacts, place);
  const subjects = [bare, ...local.subjects, ...ministack.subjects];
  const rows = await measure(subjects, place);
  const text = report(rows);
  await writeWhole(outDir, 'local-cloud.md', text);
  return text;
}

/** Rounds are interleaved, so that what else the machine does falls on all alike. */
async function measure(subjects: readonly Subject[], { progress, signal }: Place): Promise<Row[]> {
  const script = fileURLToPath(new URL('local-cloud/client.mjs', import.meta.url));
  const client = { child: fork(script, { execArgv: [] }), signal };
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
    client.child.kill();
  }
}

interface Client {
  readonly child: ChildProcess;
  readonly signal: AbortSignal;
}

function emptyRow(subject: Subject, concurrency: number): Row {
  return {
    subject,
    concurrency,
    latencies: [],
    outside: [],
    errors: 0,
    requests: 0,
    cloudMs: 0,
    functionMs: 0,
  };
}

async function add(row: Row, client: Client): Promise<void> {
  const before = await row.subject.cpu();
  const { answers, errors } = await ask(client, row.subject, requestsOf(row.subject), row.concurrency);
  const after = await row.subject.cpu();
  const durations = await row.subject.durations?.();
  for (const [id, ms] of answers) {
    row.latencies.push(ms);
    const duration = durations?.get(id);
    if (duration !== undefined) row.outside.push(ms - duration);
  }
  row.errors += errors;
  row.requests += requestsOf(row.subject);
  row.cloudMs += after.cloudMs - before.cloudMs;
  row.functionMs =
    row.functionMs === null || after.functionMs === null || before.functionMs === null
      ? null
      : row.functionMs + after.functionMs - before.functionMs;
}

async function ask({ child, signal }: Client, { url }: Subject, requests: number, concurrency: number) {
  child.send({ url, requests, concurrency });
  const [answer] = await once(child, 'message', { signal });
  return answer as { answers: [string, number][]; errors: number };
}
