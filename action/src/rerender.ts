import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './command.ts';
import { ConfigError } from './errors.ts';
import { writeReport } from './publish/files.ts';
import { parseResult } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';

const USAGE = `Usage: npm run report -- result.json [--out DIR]

  Renders report.md and its charts again from a result; byte for byte the same as the run's own.
  --out DIR    folder for report.md and charts/ (default: the result's own)`;

/** The entry of `npm run report`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async () => {
    const { input, out } = parse(argv);
    const path = resolve(cwd, input);
    const folder = out === undefined ? dirname(path) : resolve(cwd, out);
    const result = parseResult(await read(path));
    await writeReport(folder, result, renderMarkdown(result));
    process.stderr.write(`Wrote ${resolve(folder, 'report.md')}\n`);
    return 0;
  });
}

function parse(argv: readonly string[]): { input: string; out: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { out: { type: 'string' } },
      allowPositionals: true,
    });
    if (positionals.length !== 1)
      throw new Error(`Exactly one result.json is needed, ${positionals.length} were given.`);
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
