import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { run } from '../command.ts';
import { parseOptions } from '../options.ts';
import { writeWhole } from '../publish/files.ts';
import { collectResults } from './site/collect-results.ts';
import { sitePage } from './site/page.ts';

const USAGE = `Usage: npm run site -- [--reports DIR] [--out FILE] [--base URL]

  Makes one HTML page of all results, to search, filter and compare; it needs no server and no network.
  --reports DIR  where the result.json files are (default: reports)
  --out FILE     the page (default: dist/site/index.html)
  --base URL     where the page links reports to (default: DIR, as seen from FILE)`;

interface Arguments {
  readonly reports: string;
  readonly out: string;
  readonly base: string;
}

/** The entry of `npm run site`. Resolves to the exit code. */
export function main(argv: readonly string[], { root, cwd }: { root: string; cwd: string }): Promise<number> {
  return run(async () => {
    const { reports, out, base } = parse(argv, root, cwd);
    const { runs, unreadable } = await collectResults(reports);
    for (const { path, reason } of unreadable) process.stderr.write(`Left out ${path}: ${reason}\n`);
    const page = await sitePage(runs, { base });
    await writeWhole(dirname(out), basename(out), page);
    process.stderr.write(`Wrote ${out}: ${runs.length} runs, ${Math.ceil(page.length / 1000)} kB\n`);
    return 0;
  });
}

const OPTIONS = {
  reports: { type: 'string' },
  out: { type: 'string' },
  base: { type: 'string' },
} as const;

function parse(argv: readonly string[], root: string, cwd: string): Arguments {
  const { values } = parseOptions(argv, { options: OPTIONS }, USAGE);
  const reports = values.reports === undefined ? join(root, 'reports') : resolve(cwd, values.reports);
  const out = values.out === undefined ? join(root, 'dist', 'site', 'index.html') : resolve(cwd, values.out);
  const base = values.base ?? relative(dirname(out), reports).split(sep).join('/');
  return { reports, out, base: base.replace(/\/$/, '') };
}
