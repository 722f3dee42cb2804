import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ConfigError, DuelError } from '../../errors.ts';
import { parseResult } from '../../report/json.ts';
import type { Kept } from './kept.ts';

export interface Found {
  /** Newest first. */
  readonly runs: readonly Kept[];
  /** Paths that hold no result this version can read, with the reason. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/** Reads every `result.json` below a folder. Throws ConfigError when there is none, or no such folder. */
export async function collectResults(reports: string): Promise<Found> {
  const paths = await resultPaths(reports);
  const runs: Kept[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  for (const path of paths) {
    try {
      const folder = relative(reports, dirname(path)).split(sep).join('/');
      runs.push({ folder, result: parseResult(await readFile(path, 'utf8')) });
    } catch (error) {
      if (!(error instanceof DuelError)) throw error;
      unreadable.push({ path, reason: error.message });
    }
  }
  return { runs: runs.sort(newestFirst), unreadable };
}

function newestFirst(a: Kept, b: Kept): number {
  const key = ({ folder, result }: Kept) => `${result.provenance.createdAt} ${folder}`;
  return key(a) < key(b) ? 1 : -1;
}

async function resultPaths(reports: string): Promise<string[]> {
  const names = await readdir(reports, { recursive: true }).catch((cause: unknown) => {
    throw new ConfigError(
      `The folder ${reports} cannot be read.`,
      'Give the folder that holds the reports with --reports DIR.',
      { cause },
    );
  });
  const paths = names.filter((name) => name.split(sep).at(-1) === 'result.json').sort();
  if (paths.length === 0)
    throw new ConfigError(
      `There is no result.json below ${reports}.`,
      'Run npm run bench first, or give another folder with --reports DIR.',
    );
  return paths.map((name) => join(reports, name));
}
