import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PublishError } from '../errors.ts';
import { chartFiles } from '../report/charts/charts.ts';
import { serialize } from '../report/json.ts';
import type { Result } from '../result.ts';

/** Writes `result.json`, the charts and `report.md` into a folder, each whole or not at all. Throws PublishError. */
export async function writeFiles(outDir: string, result: Result, report: string): Promise<void> {
  await writeWhole(outDir, 'result.json', serialize(result));
  try {
    await writeReport(outDir, result, report);
  } catch (cause) {
    throw new PublishError((cause as Error).message, renderedLater(join(outDir, 'result.json')), { cause });
  }
}

/** Nobody has to measure again because a chart did not fit. */
const renderedLater = (path: string): string =>
  `The result is there: free disk space, and npm run report -- ${path} renders the rest.`;

/** The charts, then the report that shows them. Throws PublishError. */
export async function writeReport(outDir: string, result: Result, report: string): Promise<void> {
  for (const { path, content } of chartFiles(result)) await writeWhole(outDir, path, content);
  await writeWhole(outDir, 'report.md', report);
}

export function writeWhole(folder: string, name: string, content: string): Promise<void> {
  return renamed(folder, name, (draft) => writeFile(draft, content));
}

/** Writes beside the goal, then renames: a full disk leaves the old file, or none, never half of one. */
export async function renamed(
  folder: string,
  name: string,
  write: (draft: string) => Promise<unknown>,
): Promise<void> {
  const goal = join(folder, name);
  const draft = `${goal}.${process.pid}.part`;
  try {
    await mkdir(dirname(goal), { recursive: true });
    await write(draft);
    await rename(draft, goal);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw new PublishError(
      `${goal} could not be written: ${(cause as Error).message}.`,
      'Free disk space or choose another folder with --out DIR, then run again.',
      { cause },
    );
  }
}
