import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '../command.ts';
import { ConfigError } from '../errors.ts';
import { parseOptions } from '../options.ts';
import type { Outcome } from './vectors/agreement.ts';
import { CHECKS } from './vectors/checks.ts';

const USAGE = `Usage: npm run vectors -- DIR

  Checks the statistics against reference data: ${Object.keys(CHECKS).join(', ')} in DIR.`;

/** The entry of `npm run vectors`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async () => {
    const { positionals } = parseOptions(argv, { options: {}, allowPositionals: true }, USAGE);
    const [dir, ...rest] = positionals;
    if (dir === undefined || rest.length > 0) throw new ConfigError('Exactly one folder is needed.', USAGE);
    const outcomes = await checkFolder(resolve(cwd, dir));
    return report(outcomes);
  });
}

/** Every case of every file in the folder that we know; throws ConfigError when there is none. */
export async function checkFolder(folder: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [file, check] of Object.entries(CHECKS)) {
    const path = join(folder, file);
    if (existsSync(path)) outcomes.push(...check((await readJson(path)) as never));
    else outcomes.push({ name: file, kind: 'skipped', detail: 'the file is not there' });
  }
  if (outcomes.some((outcome) => outcome.kind !== 'skipped')) return outcomes;
  throw new ConfigError(`${folder} has no reference data that we can check.`, USAGE);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${path} is not JSON: ${(cause as Error).message}.`, 'Fetch the file again.', {
      cause,
    });
  }
}

function report(outcomes: readonly Outcome[]): number {
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  for (const { name, detail } of outcomes.filter((outcome) => outcome.kind === 'failed'))
    process.stdout.write(`failed   ${name}: ${detail}\n`);
  for (const line of skippedLines(outcomes)) process.stdout.write(`skipped  ${line}\n`);
  const skipped = count('skipped');
  process.stdout.write(
    `${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
  );
  return count('failed') === 0 && count('passed') > 0 ? 0 : 1;
}

/** One line for all cases skipped for the same reason. */
function skippedLines(outcomes: readonly Outcome[]): string[] {
  const reasons = new Map<string, number>();
  for (const { name, detail } of outcomes.filter((outcome) => outcome.kind === 'skipped')) {
    const key = `${name}: ${detail}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  return [...reasons].map(([reason, cases]) => `${reason}${cases > 1 ? ` (${cases} cases)` : ''}`);
}
