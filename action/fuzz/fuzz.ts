import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { markdownTable } from 'markdown-table';
import { run } from '../src/command.ts';
import { ConfigError } from '../src/errors.ts';
import { parseOptions } from '../src/options.ts';
import { type Beat, execute, type Finding, type Outcome } from './execute.ts';
import type { Target } from './target.ts';
import { targetsIn } from './targets.ts';

/*
 * By fast-check with a grammar for each format, not by coverage: @jazzer.js/core 4.0.0 is the one coverage-guided fuzzer
 * for Node, and its prebuilt addon needs glibc 2.38, which Debian 12 does not have; older versions fetch theirs from GitHub.
 */

const USAGE = `Usage: npm run fuzz -- [--minutes M] [--only NAME,NAME] [--seed N]

  Feeds damaged and hostile data to every parser of outside data; exit code 1 on a finding.
  --minutes M   all together, shared equally (default: 1)
  --only NAMES  only these targets
  --seed N      the same inputs again, 0 to 4294967295 (default: a random one)`;

interface Arguments {
  readonly ms: number;
  readonly only: readonly string[] | null;
  readonly seed: number;
}

/** The entry of `npm run fuzz`. Resolves to the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return run(async (signal) => {
    const args = parse(argv);
    const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-fuzz-'));
    try {
      return await fuzz(chosen(targetsIn(folder), args.only), args, signal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const OPTIONS = {
  minutes: { type: 'string', default: '1' },
  only: { type: 'string' },
  seed: { type: 'string' },
} as const;

function parse(argv: readonly string[]): Arguments {
  const { minutes, only, seed } = parseOptions(argv, { options: OPTIONS }, USAGE).values;
  if (!/^\d{1,4}(\.\d+)?$/.test(minutes) || Number(minutes) === 0)
    throw new ConfigError(`--minutes "${minutes}" is not a number of minutes above 0.`, USAGE);
  if (seed !== undefined && (!/^\d{1,10}$/.test(seed) || Number(seed) > 0xffffffff))
    throw new ConfigError(`--seed "${seed}" is not a whole number from 0 to 4294967295.`, USAGE);
  return {
    ms: Number(minutes) * 60_000,
    only: only?.split(',') ?? null,
    seed: seed === undefined ? randomInt(0x1_0000_0000) : Number(seed),
  };
}

function chosen(targets: readonly Target[], only: readonly string[] | null): readonly Target[] {
  const unknown = only?.find((name) => targets.every((target) => target.name !== name));
  if (unknown !== undefined)
    throw new ConfigError(
      `There is no target "${unknown}".`,
      `Choose from ${targets.map(({ name }) => name).join(', ')}.`,
    );
  return targets.filter(({ name }) => only === null || only.includes(name));
}

async function fuzz(
  targets: readonly Target[],
  { ms, seed }: Arguments,
  signal: AbortSignal,
): Promise<number> {
  const beat = watched(targets.map(({ name }) => name));
  const outcomes: Outcome[] = [];
  process.stderr.write(`seed ${seed}\n`);
  for (const target of targets) {
    const budget = { executions: Number.POSITIVE_INFINITY, ms: ms / targets.length, signal };
    const outcome = await execute(target, seed, budget, beat);
    outcomes.push(outcome);
    process.stderr.write(`${target.name}: ${outcome.executions} executions\n`);
    // At once: a target after it may end the process.
    if (outcome.finding !== null) process.stdout.write(words(target.name, outcome.finding));
  }
  process.stdout.write(report(outcomes));
  return outcomes.some(({ finding }) => finding !== null) ? 1 : 0;
}

/** Of the processor: after so much of it shrinking is out of question, too. */
const HANGS_AFTER_SECONDS = 30;

/** Ends the process, after it has said which target it is, when one execution never returns. */
function watched(names: readonly string[]): Beat {
  const seen = new Uint32Array(new SharedArrayBuffer(12));
  const workerData = { beat: seen, names, mostCpuSeconds: HANGS_AFTER_SECONDS };
  new Worker(new URL('./watchdog.mjs', import.meta.url), { workerData }).unref();
  return (name, seed) => {
    seen[0] = (seen[0]! + 1) >>> 0;
    seen[1] = names.indexOf(name);
    seen[2] = seed;
  };
}

function report(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ target, executions, seconds, finding }) => [
    target,
    String(executions),
    seconds.toFixed(1),
    finding === null ? '0' : '1',
  ]);
  const executions = outcomes.reduce((sum, outcome) => sum + outcome.executions, 0);
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  const findings = outcomes.filter(({ finding }) => finding !== null).length;
  const total = ['all', String(executions), seconds.toFixed(1), String(findings)];
  const table = markdownTable([['target', 'executions', 'seconds', 'findings'], ...rows, total], {
    align: ['left', 'right', 'right', 'right'],
  });
  return `${table}\n`;
}

/** For a person, and for the test that shows it. */
export function words(target: string, { input, error, seed }: Finding): string {
  const again = `npm run fuzz -- --only ${target} --seed ${seed}`;
  return `\nFINDING ${target}: ${error}\ninput: ${input}\nagain: ${again}\n`;
}
