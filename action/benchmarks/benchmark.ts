/**
 * What reading k6's outputs costs, beside DuckDB, jq, pandas and `wc -l` on the same files in one run; what memory a long
 * run takes, what a merge, a report, the start of the bundled action, and the local cloud. Writes `README.md` and
 * `local-cloud.md`, which is also its last section, beside it. Run by `npm run benchmark`.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { bundle } from '../bundle.ts';
import { run } from '../src/command.ts';
import { ConfigError } from '../src/errors.ts';
import { git } from '../src/git.ts';
import { parseOptions } from '../src/options.ts';
import { type Progress, stderrProgress } from '../src/progress.ts';
import { writeWhole } from '../src/publish/files.ts';
import { ensure } from '../src/tools/tools.ts';
import { CSV_HEADER, csvLines, jsonLines, LEAN_HEADER, leanLines, writeRequests } from './ingest/generate.ts';
import { type Cost, costOf, type Means } from './ingest/measure.ts';
import { page } from './ingest/page.ts';
import { type File, peers, type Subject, subjects } from './ingest/subjects.ts';
import { benchmarkLocalCloud } from './local-cloud.ts';

const USAGE = `Usage: npm run benchmark -- [--requests N] [--rounds N] [--out DIR]

  --requests N   requests in each file (default: 320000, of which the JSON is 1 GB); the lean CSV has 3.125 times as many, and
                 memory is shown over ten times as many
  --rounds N     times that each reader reads its file; medians are told (default: 3)
  --out DIR      folder for README.md and local-cloud.md (default: action/benchmarks)`;

interface Options {
  readonly requests: number;
  readonly rounds: number;
  readonly outDir: string;
}

/** What one subject took in every round. */
export interface Row {
  readonly subject: Subject;
  readonly bytes: number;
  readonly costs: readonly Cost[];
}

/** The entry of `npm run benchmark`. Resolves to the exit code. */
export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async (signal) => {
    const options = parse(argv, root);
    const progress = stderrProgress();
    const folder = join(root, '.cache', 'benchmark');
    mkdirSync(folder, { recursive: true });
    try {
      const readers = await benchmark({ root, folder, options, progress, signal });
      const place = { root, cacheDir: join(root, '.cache'), progress, signal };
      const localCloud = await benchmarkLocalCloud(place, options.outDir);
      const text = `${readers}\n${localCloud.replace(/^#/, '##')}`;
      await writeWhole(options.outDir, 'README.md', text);
      process.stdout.write(text);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return 0;
  });
}

const OPTIONS = {
  requests: { type: 'string', default: '320000' },
  rounds: { type: 'string', default: '3' },
  out: { type: 'string' },
} as const;

function parse(argv: readonly string[], root: string): Options {
  const { values } = parseOptions(argv, { options: OPTIONS }, USAGE);
  const { requests, rounds, out = join(root, 'action/benchmarks') } = values;
  if (!/^[1-9]\d{2,7}$/.test(requests) || !/^[1-9]\d?$/.test(rounds))
    throw new ConfigError('--requests is a whole number from 100, --rounds one from 1 to 99.', USAGE);
  return { requests: Number(requests), rounds: Number(rounds), outDir: out };
}

interface Place {
  readonly root: string;
  readonly folder: string;
  readonly options: Options;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function benchmark({ root, folder, options, progress, signal }: Place): Promise<string> {
  const { requests, rounds } = options;
  const commit = await commitOf(root);
  const tools = await ensure(peers, { cacheDir: join(root, '.cache'), progress, signal });
  const { duckdb, pandas } = tools as Record<'duckdb' | 'pandas', string>;
  const bundles = await bundled(join(folder, 'bundles'));
  const { exitCode, stdout } = await execa('jq', ['--version'], { reject: false });
  const jqVersion = exitCode === 0 ? stdout : null;
  const measuring = { python: duckdb, signal };
  progress.line('benchmark', `writing files of ${requests} requests`);
  const files = write(folder, requests);
  const rows: Row[] = [];
  const readers = subjects({ bundles, duckdb, pandas, jq: jqVersion === null ? null : 'jq' });
  const costs = readers.map((): Cost[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [at, subject] of readers.entries()) {
      progress.line('benchmark', `round ${round} of ${rounds}: ${subject.file}, ${subject.name}`);
      costs[at]!.push(await costOf(subject.command(files[subject.file]), measuring));
    }
  }
  for (const [at, subject] of readers.entries())
    rows.push({ subject, bytes: statSync(files[subject.file]).size, costs: costs[at]! });
  checkAgreement(rows);
  progress.line('benchmark', `memory over ${10 * requests} requests`);
  const ours = (script: string, ...args: string[]) =>
    costOf([process.execPath, join(bundles, script), ...args], measuring);
  const record = await ours('record.js', join(folder, 'journal'), `${10 * requests}`);
  progress.line('benchmark', 'merge, report and the start of the bundle');
  const golden = join(root, 'action/test/golden/clear-verdict.json');
  const analyse = await ours('analyse.js', golden, `${requests}`);
  const starts = await startsOf(root, join(folder, 'dist'), measuring, rounds);
  const leanRequests = leanOf(requests);
  return page({
    ...{ requests, leanRequests, rounds, rows, record, analyse, starts, jqVersion, commit },
    now: new Date(),
  });
}

async function commitOf(root: string): Promise<string> {
  const commit = await git(root, 'rev-parse', '--short', 'HEAD');
  if (commit === null) return 'no commit';
  const changed = (await git(root, 'status', '--porcelain')) !== '';
  return `commit ${commit}${changed ? ', a changed tree' : ''}`;
}

/** The action up to where it refuses its inputs, which only GitHub gives: a `ConfigError`. */
async function startsOf(root: string, dist: string, means: Means, rounds: number): Promise<Cost[]> {
  await bundle(root, dist);
  const costs: Cost[] = [];
  for (let round = 1; round <= rounds; round++)
    costs.push(await costOf([process.execPath, join(dist, 'main.mjs')], means, BAD_CONFIG));
  return costs;
}

/** Exit code of a `ConfigError`; a bundle that cannot be loaded ends with 1. */
const BAD_CONFIG = 2;

/** A million where the JSON is 1 GB. */
const leanOf = (requests: number): number => Math.round(3.125 * requests);

/** Our readers as they are shipped: bundled, so that starting them costs no compiling. */
async function bundled(outdir: string): Promise<string> {
  await build({
    entryPoints: ['read', 'record', 'analyse'].map((name) =>
      join(import.meta.dirname, 'ingest', `${name}.ts`),
    ),
    ...{ outdir, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    outExtension: { '.js': '.js' },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await writeWhole(outdir, 'package.json', '{ "type": "module" }\n');
  return outdir;
}

function write(folder: string, requests: number): Record<File, string> {
  const files = {
    json: join(folder, 'k6.json'),
    quarter: join(folder, 'k6-quarter.json'),
    csv: join(folder, 'k6.csv'),
    lean: join(folder, 'lean.csv'),
  };
  writeRequests(files.json, requests, jsonLines);
  writeRequests(files.quarter, Math.round(requests / 4), jsonLines);
  writeRequests(files.csv, requests, csvLines, CSV_HEADER);
  writeRequests(files.lean, leanOf(requests), leanLines, LEAN_HEADER);
  return files;
}

/** Speed without the right answer is worth nothing: all that answer must say the same of the same file. */
function checkAgreement(rows: readonly Row[]): void {
  for (const file of ['json', 'csv', 'lean'] as const) {
    const answers = rows.filter(({ subject }) => subject.file === file && subject.answers);
    const numbers = answers.map(({ costs }) => costs[0]!.output.trim().split(' ').map(Number));
    for (const [at, other] of numbers.entries()) {
      const agree =
        other.length === 4 && other.every((value, i) => Math.abs(value / numbers[0]![i]! - 1) < 1e-6);
      if (!agree)
        throw new Error(
          `${answers[at]!.subject.name} says ${other.join(' ')} of ${file}, ${answers[0]!.subject.name} says ${numbers[0]!.join(' ')}`,
        );
    }
  }
}
