/**
 * Does the whole pipeline keep its promises on this machine? Real runs of the Python function against itself, where every
 * difference found is a false alarm, and against copies of itself slowed by a known busy loop. The figures are kept in
 * reports/calibration.md; a run that is already in DIR is not repeated, so that a campaign may be interrupted.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { median } from 'simple-statistics';
import { run } from '../src/command.ts';
import { ConfigError, LoadError } from '../src/errors.ts';
import { parseOptions } from '../src/options.ts';
import { parseResult } from '../src/report/json.ts';
import type { Result } from '../src/result.ts';
import { calibrationReport, PLANTED, p50Of } from './calibration-report.ts';

const OPTIONS = {
  same: { type: 'string', default: '60' },
  planted: { type: 'string', default: '5' },
  dir: { type: 'string', default: 'reports/local/calibration' },
  out: { type: 'string', default: 'reports/calibration.md' },
} as const;

interface Place {
  readonly root: string;
  /** Where the runs are kept. */
  readonly dir: string;
  readonly signal: AbortSignal;
}

const USAGE = `Usage: npm run benchmark:calibration -- [--same N] [--planted N] [--dir DIR] [--out FILE]

  --same N     smoke runs of one function against itself (default: 60, an hour)
  --planted N  pr runs of slowdowns of 3, 5 and 10 % (default: 5, an hour)
  --dir DIR    where the runs are kept (default: reports/local/calibration)
  --out FILE   what they show (default: reports/calibration.md)`;

/** The entry of `npm run benchmark:calibration`. */
export function main(argv: readonly string[], { root, cwd }: { root: string; cwd: string }): Promise<number> {
  return run(async (signal) => {
    const { values } = parseOptions(argv, { options: OPTIONS }, USAGE);
    for (const name of ['same', 'planted'] as const)
      if (!/^[1-9]\d*$/.test(values[name]))
        throw new ConfigError(`--${name} "${values[name]}" is not a number of runs.`, USAGE);
    const place = { root, dir: resolve(cwd, values.dir), signal };
    await mkdir(place.dir, { recursive: true });
    const same = await series('same', Number(values.same), 'smoke', await sameConfig(place), place);
    const p50Ms = await plantedBy(same, place);
    const config = await plantedConfig(p50Ms, place);
    const planted = { p50Ms, results: await series('planted', Number(values.planted), 'pr', config, place) };
    await writeFile(resolve(cwd, values.out), calibrationReport(same, planted));
    return 0;
  });
}

async function series(
  name: string,
  runs: number,
  profile: string,
  config: string,
  place: Place,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let seed = 1; seed <= runs; seed++) {
    const out = join(place.dir, `${name}-${seed}`);
    if (!existsSync(join(out, 'result.json'))) {
      const options = ['--profile', profile, '--config', config, '--seed', String(seed), '--out', out];
      process.stderr.write(`${name} ${seed} of ${runs}\n`);
      await bench(options, place);
    }
    results.push(parseResult(await readFile(join(out, 'result.json'), 'utf8')));
  }
  return results;
}

/** Exit code 3 says that a gate failed, and that is what is counted here. */
async function bench(options: readonly string[], { root, signal }: Place): Promise<void> {
  const { exitCode, stderr } = await execa('node', ['action/setup.mjs', 'bench', ...options], {
    ...{ cwd: root, reject: false, cancelSignal: signal, forceKillAfterDelay: false },
  });
  signal.throwIfAborted();
  if (exitCode === 0 || exitCode === 3) return;
  throw new LoadError(
    `A run failed:\n${stderr.slice(-2000)}`,
    'Mend what it names; runs that ended are kept.',
  );
}

/** Written down once: what is in DIR was planted by it. @returns Duration p50 of the function, ms */
async function plantedBy(same: readonly Result[], { dir }: Place): Promise<number> {
  const path = join(dir, 'planted-p50-ms.json');
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as number;
  const p50Ms = median(same.map((result) => p50Of(result, 'python')));
  await writeFile(path, JSON.stringify(p50Ms));
  return p50Ms;
}

const variant = (name: string, source: string) =>
  `  - { name: ${name}, source: ${JSON.stringify(source)}, build: python, runtime: python3.13, handler: handler.handler }\n`;

async function sameConfig({ dir }: Place): Promise<string> {
  return config(join(dir, 'same.yml'), variant('python', 'functions') + variant('python-again', 'functions'));
}

/** Copies of the function that spin for a share of its own p50 before they answer. */
async function plantedConfig(p50Ms: number, { root, dir }: Place): Promise<string> {
  let variants = variant('python', 'functions');
  for (const percent of PLANTED) {
    const folder = join(dir, `slower-by-${percent}`);
    await cp(join(root, 'functions'), folder, { recursive: true });
    const steps = await readFile(join(root, 'functions', STEPS), 'utf8');
    await writeFile(join(folder, STEPS), slowed(steps, (p50Ms / 1000) * (percent / 100)));
    variants += variant(`slower-by-${percent}`, folder);
  }
  return config(join(dir, 'planted.yml'), variants);
}

async function config(path: string, variants: string): Promise<string> {
  await writeFile(path, `variants:\n${variants}`);
  return path;
}

const STEPS = 'steps.py';
const MARK = '        clock = Clock()\n';

function slowed(steps: string, seconds: number): string {
  if (!steps.includes(MARK))
    throw new Error(`functions/${STEPS} no longer starts its clock where a loop can be planted`);
  const indent = ' '.repeat(8);
  const loop = `${indent}until = time.perf_counter() + ${seconds.toFixed(7)}\n${indent}while time.perf_counter() < until:\n${indent}    pass\n`;
  return steps.replace(MARK, MARK + loop);
}
