import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from '../command.ts';
import { ConfigError } from '../errors.ts';
import { journalOf } from '../load/journal.ts';
import { parseOptions } from '../options.ts';
import { journalResult } from '../partial.ts';
import { writeFiles, writeReport, writeWhole } from '../publish/files.ts';
import { KEPT_RESULT, REPORTS } from '../publish/report-folder.ts';
import { renderIndex } from '../report/index-page.ts';
import { parseResult, serialize } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { collectResults } from './site/collect-results.ts';

const USAGE = `Usage: npm run report -- result.json|DIR [--out DIR]
       npm run report -- --index DIR

  Renders report.md and its charts again from a result; byte for byte the same as the run's own.
  Of the folder of a run that was killed it makes a partial result, and the report of it.
  --out DIR    folder for report.md and charts/ (default: the result's own)
  --index DIR  renders DIR/README.md, the index of the committed reports below it, and its charts`;

interface Arguments {
  readonly input: string | undefined;
  readonly out: string | undefined;
  readonly index: string | undefined;
}

/** The entry of `npm run report`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async () => {
    const { input, out, index } = parse(argv);
    const written =
      index === undefined
        ? await renderReport(resolve(cwd, input ?? ''), out === undefined ? undefined : resolve(cwd, out))
        : await renderIndexOf(resolve(cwd, index));
    process.stderr.write(`Wrote ${written}\n`);
    return 0;
  });
}

async function renderReport(given: string, out: string | undefined): Promise<string> {
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const path = isFolder ? join(given, 'result.json') : given;
  const folder = out ?? dirname(path);
  if (isFolder && !isOfLastRun(path, given)) return await renderJournal(given, folder);
  const result = parseResult(await read(path));
  await writeReport(folder, result, renderMarkdown(result));
  return resolve(folder, 'report.md');
}

/** Whether the result was written after the journal: a run that was killed leaves beside its own what an earlier one wrote. */
function isOfLastRun(result: string, runFolder: string): boolean {
  const written = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  const at = written(result);
  return at !== undefined && at >= (written(journalOf(runFolder)) ?? 0);
}

async function renderJournal(runFolder: string, folder: string): Promise<string> {
  const result = parseResult(serialize(journalResult(journalOf(runFolder))));
  await writeFiles(folder, result, renderMarkdown(result));
  if (result.design.partial !== null) process.stderr.write(`${result.warnings[0]!.message}\n`);
  return resolve(folder, 'report.md');
}

/** Only of what is committed: runs of this machine lie beside them. */
async function renderIndexOf(reports: string): Promise<string> {
  const { runs } = await collectResults(reports);
  const kept = runs
    .map(({ folder, result }) => ({ folder: `${REPORTS}/${folder}`, result }))
    .filter(({ folder }) => KEPT_RESULT.test(`${folder}/result.json`));
  for (const { path, content } of renderIndex(kept, { older: 0 })) await writeWhole(reports, path, content);
  return resolve(reports, 'README.md');
}

const OPTIONS = {
  options: { out: { type: 'string' }, index: { type: 'string' } },
  allowPositionals: true,
} as const;

function parse(argv: readonly string[]): Arguments {
  const { values, positionals } = parseOptions(argv, OPTIONS, USAGE);
  const { out, index } = values;
  if (index !== undefined && (positionals.length > 0 || out !== undefined))
    throw new ConfigError('--index takes a folder and nothing else.', USAGE);
  if (index === undefined && positionals.length !== 1)
    throw new ConfigError(
      `Exactly one result.json or folder is needed, ${positionals.length} were given.`,
      USAGE,
    );
  return { input: positionals[0], out, index };
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
