import { basename, dirname, join, resolve } from 'node:path';
import { run } from '../command.ts';
import { ConfigError } from '../errors.ts';
import type { Warning } from '../model.ts';
import { parseOptions } from '../options.ts';
import { type Progress, stderrProgress } from '../progress.ts';
import { writeFiles } from '../publish/files.ts';
import { parseResult, serialize } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { summarise } from '../summarise.ts';
import { isLaidOutByUs } from './import/by-scenario.ts';
import { importResult, type LaidOut } from './import/import-result.ts';
import { oneLoad, variantsIn } from './import/one-load.ts';
import { type Format, type Imported, nothingIn, readOutput } from './import/read-output.ts';
import { runsApart } from './import/runs-apart.ts';

const USAGE = `Usage: npm run import -- FILE [--against FILE] [--format json|csv] [--out DIR]
       npm run import -- FILE... [--base NAME] [--out DIR]

  Makes a result and a report of what k6 wrote with --out json=FILE or --out csv=FILE (gzipped or not): client side only.
  Of logs of the pods of npm run k6-operator, all that there are, it compares the variants.
  --against FILE   compare with this run, block by block; the two were not interleaved, and the report says so
  --base NAME      the variant that the others of the pods' load are compared with (default: the first by name)
  --format NAME    json or csv (default: as the file begins)
  --out DIR        folder for result.json and report.md (default: FILE without its extension, plus -report)`;

interface Arguments {
  readonly files: readonly string[];
  readonly against: string | null;
  readonly base: string | null;
  readonly format: Format | null;
  readonly outDir: string;
}

/** The entry of `npm run import`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async (signal) => {
    const args = parse(argv, cwd);
    const progress = stderrProgress();
    const read: Imported[] = [];
    for (const path of [...args.files, ...(args.against === null ? [] : [args.against])])
      read.push(await readFile(path, args.format, progress, signal));
    const result = parseResult(serialize(importResult(withoutEmpty(read, args), new Date())));
    await writeFiles(args.outDir, result, renderMarkdown(result));
    summarise(result, args.outDir);
    return 0;
  });
}

async function readFile(path: string, format: Format | null, progress: Progress, signal: AbortSignal) {
  progress.line('import', `reading ${path}`);
  const imported = await readOutput(path, format, signal);
  const { requests, errors } = imported.series;
  progress.line('import', `${requests} requests, ${errors} errors, ${imported.unreadable} unreadable lines`);
  return imported;
}

/** A generator of one load may have had nothing to send; any other file without a request is a mistake. */
function withoutEmpty(read: readonly Imported[], args: Arguments): LaidOut {
  const empty = read.filter(({ series }) => series.requests === 0);
  const told = read.filter((file) => !empty.includes(file));
  if (empty.length > 0 && (told.length === 0 || args.against !== null)) throw nothingIn(empty[0]!);
  const laid = laidOut(told, args);
  return { ...laid, warnings: [...laid.warnings, ...empty.map(emptyWarning)] };
}

function emptyWarning({ file }: Imported): Warning {
  return { code: 'file-without-requests', message: `${file} holds no request.`, data: { file } };
}

/** Files of one load of ours are its generators'; any other file is a run of its own. */
function laidOut(read: readonly Imported[], { files, against, base }: Arguments): LaidOut {
  if (against === null && read.every(({ scenarios }) => isLaidOutByUs(scenarios))) {
    const variants = variantsIn(read);
    if (base !== null && !variants.includes(base))
      throw new ConfigError(
        `--base "${base}" is no variant of this load.`,
        `Choose from ${variants.join(', ')}.`,
      );
    const variant = variants.join(', ');
    return oneLoad(
      read.map((file) => ({ ...file, variant })),
      base ?? variants[0]!,
    );
  }
  if (files.length > 1)
    throw new ConfigError(
      `${files.length} files were given, and not all are of one load of npm run k6-operator.`,
      'Give one file, and with --against FILE the one to compare it with.',
    );
  if (base !== null)
    throw new ConfigError('--base is for the logs of the pods of npm run k6-operator.', USAGE);
  const [head, other] = read;
  const variant = nameOf(head!.file);
  const runs = [{ ...head!, variant }];
  return runsApart(other === undefined ? runs : [...runs, { ...other, variant: otherName(other, variant) }]);
}

const OPTIONS = {
  options: {
    against: { type: 'string' },
    base: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
  },
  allowPositionals: true,
} as const;

function parse(argv: readonly string[], cwd: string): Arguments {
  const { values, positionals } = parseOptions(argv, OPTIONS, USAGE);
  const [first] = positionals;
  if (first === undefined) throw new ConfigError('No file was given.', USAGE);
  const { format = null, against, base = null, out } = values;
  if (format !== null && format !== 'json' && format !== 'csv')
    throw new ConfigError(`--format "${format}" is unknown; there are json and csv.`, USAGE);
  const path = resolve(cwd, first);
  return {
    files: positionals.map((file) => resolve(cwd, file)),
    against: against === undefined ? null : resolve(cwd, against),
    ...{ base, format },
    outDir: out === undefined ? join(dirname(path), `${stem(path)}-report`) : resolve(cwd, out),
  };
}

const stem = (path: string): string => basename(path).replace(/(\.(json|csv|ndjson|log|gz))+$/i, '');

/** The file's name as a variant's name: lower case letters, digits and hyphens. */
function nameOf(path: string): string {
  const letters = stem(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return letters.replaceAll(/^-+|-+$/g, '') || 'run';
}

function otherName({ file }: Imported, taken: string): string {
  const name = nameOf(file);
  return name === taken ? `${name}-against` : name;
}
