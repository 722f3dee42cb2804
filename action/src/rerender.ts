import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './command.ts';
import { ConfigError } from './errors.ts';
import { journalIn } from './load/journal.ts';
import { partialResult } from './partial.ts';
import { writeFiles, writeWhole } from './publish/files.ts';
import { parseResult, serialize } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';

const USAGE = `Usage: npm run report -- result.json|DIR [--out DIR]

  Renders report.md again from a result; byte for byte the same as the run's own. Of the folder of a run that was
  killed it makes a partial result, and the report of it.
  --out DIR    folder for report.md (default: the result's own)`;

/** The entry of `npm run report`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async () => {
    const { input, out } = parse(argv);
    const given = resolve(cwd, input);
    const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const path = isFolder ? join(given, 'result.json') : given;
    const folder = out === undefined ? dirname(path) : resolve(cwd, out);
    if (isFolder && !existsSync(path)) await writePartial(given, folder);
    else await writeWhole(folder, 'report.md', renderMarkdown(parseResult(await read(path))));
    process.stderr.write(`Wrote ${resolve(folder, 'report.md')}\n`);
    return 0;
  });
}

async function writePartial(runFolder: string, folder: string): Promise<void> {
  const result = parseResult(serialize(partialResult(journalIn(runFolder))));
  await writeFiles(folder, result, renderMarkdown(result));
  process.stderr.write(`${result.warnings[0]?.message ?? ''}\n`);
}

function parse(argv: readonly string[]): { input: string; out: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { out: { type: 'string' } },
      allowPositionals: true,
    });
    if (positionals.length !== 1)
      throw new Error(`Exactly one result.json or folder is needed, ${positionals.length} were given.`);
    return { input: positionals[0]!, out: values.out };
  } catch (cause) {
    throw new ConfigError((cause as Error).message, USAGE, { cause });
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      `The result ${path} cannot be read.`,
      'Give the result.json that npm run bench wrote.',
      { cause },
    );
  }
}
