import { basename, dirname, join, resolve } from 'node:path';
import { run } from './command.ts';
import { ConfigError } from './errors.ts';
import { type Format, readOutput } from './import/read-output.ts';
import { type NamedImport, resultOf } from './import/result-of.ts';
import { parseOptions } from './options.ts';
import { stderrProgress } from './progress.ts';
import { writeFiles } from './publish/files.ts';
import { parseResult, serialize } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';
import { wantsColour } from './report/style.ts';
import { renderTerminal } from './report/terminal.ts';

const USAGE = `Usage: npm run import -- FILE [--against FILE] [--format json|csv] [--out DIR]

  Makes a result and a report of what k6 wrote with --out json=FILE or --out csv=FILE (gzipped or not): client side only.
  --against FILE   compare with this run, block by block; the two were not interleaved, and the report says so
  --format NAME    json or csv (default: as the file begins)
  --out DIR        folder for result.json and report.md (default: FILE without its extension, plus -report)`;

interface Arguments {
  readonly files: readonly string[];
  readonly format: Format | null;
  readonly outDir: string;
}

/** The entry of `npm run import`. Resolves to the exit code. */
export function main(argv: readonly string[], { cwd }: { cwd: string }): Promise<number> {
  return run(async (signal) => {
    const { files, format, outDir } = parse(argv, cwd);
    const progress = stderrProgress();
    const runs: NamedImport[] = [];
    for (const path of files) {
      progress.line('import', `reading ${path}`);
      const imported = await readOutput(path, format, signal);
      const variant = nameOf(
        path,
        runs.map((other) => other.variant),
      );
      runs.push({ ...imported, variant });
      const { requests, errors } = imported.series;
      progress.line(
        'import',
        `${variant}: ${requests} requests, ${errors} errors, ${imported.unreadable} unreadable lines`,
      );
    }
    const result = parseResult(serialize(resultOf(runs, new Date())));
    await writeFiles(outDir, result, renderMarkdown(result));
    const color = wantsColour(process.stdout, process.env);
    process.stdout.write(renderTerminal(result, { color, width: process.stdout.columns ?? 100 }));
    process.stderr.write(`\nreport: ${join(outDir, 'report.md')}\n`);
    return 0;
  });
}

const OPTIONS = {
  options: { against: { type: 'string' }, format: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
} as const;

function parse(argv: readonly string[], cwd: string): Arguments {
  const { values, positionals } = parseOptions(argv, OPTIONS, USAGE);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0)
    throw new ConfigError(`Exactly one file is needed, ${positionals.length} were given.`, USAGE);
  const { format = null, against, out } = values;
  if (format !== null && format !== 'json' && format !== 'csv')
    throw new ConfigError(`--format "${format}" is unknown; there are json and csv.`, USAGE);
  const path = resolve(cwd, file);
  return {
    files: [path, ...(against === undefined ? [] : [resolve(cwd, against)])],
    format,
    outDir: out === undefined ? join(dirname(path), `${stem(path)}-report`) : resolve(cwd, out),
  };
}

const stem = (path: string): string => basename(path).replace(/(\.(json|csv|ndjson|gz))+$/i, '');

/** The file's name as a variant's name: lower case letters, digits and hyphens, another than those taken. */
function nameOf(path: string, taken: readonly string[]): string {
  const name =
    stem(path)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'run';
  return taken.includes(name) ? `${name}-base` : name;
}
