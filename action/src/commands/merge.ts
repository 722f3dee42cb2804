import { resolve } from 'node:path';
import { run } from '../command.ts';
import { failedGates } from '../compare/gates.ts';
import { ConfigError } from '../errors.ts';
import { journalOf } from '../load/journal.ts';
import { mergeJournals } from '../merge/merge-journals.ts';
import { parseOptions } from '../options.ts';
import { summarise } from '../summarise.ts';

const USAGE = `Usage: npm run merge -- DIR... --out DIR

  Merges runs that were made with --shard I/N (their folders) into one result: exact counts, all requests.
  --out DIR    folder for result.json, report.md and samples.parquet`;

/** The entry of `npm run merge`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async () => {
    const { folders, outDir } = parse(argv, cwd);
    const result = await mergeJournals(folders.map(journalOf), outDir);
    summarise(result, outDir);
    return failedGates(result).length > 0 ? 3 : 0;
  });
}

const OPTIONS = { options: { out: { type: 'string' } }, allowPositionals: true } as const;

function parse(argv: readonly string[], cwd: string): { folders: string[]; outDir: string } {
  const { values, positionals } = parseOptions(argv, OPTIONS, USAGE);
  if (values.out === undefined)
    throw new ConfigError('--out is missing: the merged result needs a folder.', USAGE);
  return { folders: positionals.map((folder) => resolve(cwd, folder)), outDir: resolve(cwd, values.out) };
}
