/** Faults, done to real runs of the benchmark one after the other, and what came of each. Run by `npm run drill`. */
import { basename, dirname, resolve } from 'node:path';
import { run } from '../src/command.ts';
import { ConfigError } from '../src/errors.ts';
import { parseOptions } from '../src/options.ts';
import { stderrProgress } from '../src/progress.ts';
import { writeWhole } from '../src/publish/files.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults/faults.ts';
import { openPlace } from './place.ts';
import { drill, type Outcome } from './runner.ts';
import { closingLine, failuresOf, page, tableOf } from './table.ts';

const USAGE = `Usage: npm run drill -- [--short] [--only TEXT] [--out FILE]

  --short      the few faults that npm test does, too
  --only TEXT  faults with this text in their name
  --out FILE   write the table there, as reports/drill.md was

Exit code 1: something was not as it must be.`;

const OPTIONS = {
  short: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  out: { type: 'string' },
} as const;

/** Resolves to the exit code. */
export function main(argv: readonly string[], { root, cwd }: { root: string; cwd: string }): Promise<number> {
  return run(async (signal) => {
    const { values } = parseOptions(argv, { options: OPTIONS }, USAGE);
    if (process.platform !== 'linux')
      throw new ConfigError(
        `The drill finds processes by /proc, which ${process.platform} lacks.`,
        'Run it on Linux.',
      );
    const chosen = FAULTS.filter(({ name, short }) => name.includes(values.only) && (short || !values.short));
    if (chosen.length === 0)
      throw new ConfigError(`No fault has "${values.only}" in its name.`, `There are:\n${namesOf(FAULTS)}`);
    const outcomes = await drillAll(chosen, root, signal);
    process.stdout.write(`${tableOf(outcomes)}\n\n${failuresOf(outcomes)}${closingLine(outcomes)}\n`);
    const out = values.out === undefined ? null : resolve(cwd, values.out);
    if (out !== null) await writeWhole(dirname(out), basename(out), page(outcomes, new Date()));
    return outcomes.some(({ failures }) => failures.length > 0) ? 1 : 0;
  });
}

async function drillAll(faults: readonly Fault[], root: string, signal: AbortSignal): Promise<Outcome[]> {
  const progress = stderrProgress();
  await using place = await openPlace(root, progress);
  const outcomes: Outcome[] = [];
  for (const fault of faults) {
    signal.throwIfAborted();
    const outcome = await drill(fault, place);
    const word = outcome.skipped !== null ? 'not made' : outcome.failures.length === 0 ? 'ok' : 'FAILED';
    progress.line('drill', `${word}: ${fault.name} (${outcome.seconds.toFixed(0)} s)`);
    for (const failure of outcome.failures) progress.line('drill', `  ${failure}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

const namesOf = (faults: readonly Fault[]): string => faults.map(({ name }) => `  ${name}`).join('\n');
