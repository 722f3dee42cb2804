/** Where a report is kept: `reports/<year>/<date>-<sha>-<profile>/`, of a pull request `reports/pr-<number>/...`. */
import { PublishError } from '../errors.ts';
import type { Result } from '../result.ts';

export const REPORTS = 'reports';

/** A rendered file; `path` is relative to the folder of its report, with `/` between segments. */
export interface ReportFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The path that tells a kept result from any other file of the repository. */
export const KEPT_RESULT = /^(reports\/(?:\d{4}|pr-\d+)\/[\w.-]+)\/result\.json$/;

/** @param pullRequest its number, or null for a run of a branch. Whatever the result says, the path stays in `reports/`. */
export function reportFolder(result: Result, pullRequest: number | null): string {
  const { createdAt, commit } = result.provenance;
  const date = /^(\d{4})-\d{2}-\d{2}(?=T)/.exec(createdAt);
  if (date === null)
    throw new PublishError(
      `The result was created at ${JSON.stringify(createdAt.slice(0, 40))}, which is no ISO 8601 time.`,
      'Publish the result.json of a finished run, unedited.',
    );
  const under = pullRequest === null ? date[1] : `pr-${pullRequest}`;
  const sha = /^[0-9a-f]{7,}$/.test(commit ?? '') ? commit?.slice(0, 7) : 'nocommit';
  return `${REPORTS}/${under}/${date[0]}-${sha}-${word(result.design.profile)}`;
}

function word(raw: string): string {
  return (
    raw
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 24) || 'unnamed'
  );
}

/** `folder`, or `folder-2`, `-3` ...: a second run of the same day, commit and profile must not replace the first. */
export function freeFolder(folder: string, taken: ReadonlySet<string>): string {
  if (!taken.has(folder)) return folder;
  let number = 2;
  while (taken.has(`${folder}-${number}`)) number += 1;
  return `${folder}-${number}`;
}

/** @throws PublishError for a path that would leave the report's folder or that git would have to quote */
export function checkPaths(files: readonly ReportFile[]): void {
  const wrong = files.find(
    ({ path }) => !path.split('/').every((part) => /^[A-Za-z0-9_][\w.-]*$/.test(part)),
  );
  if (wrong === undefined) return;
  throw new PublishError(
    `A report has a file named ${JSON.stringify(wrong.path.slice(0, 80))}.`,
    'Name files of a report by letters, digits, dots, hyphens and underscores, inside its folder.',
  );
}
