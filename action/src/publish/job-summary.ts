/** The job summary: the same as the comment, with nothing left out unless GitHub would refuse it. */
import { summary } from '@actions/core';
import { renderComment } from '../report/comment.ts';
import type { Result } from '../result.ts';
import { addresses, type Page } from './github.ts';
import type { Run } from './run-context.ts';

/** GitHub drops a step's summary over 1 MiB whole. */
const SUMMARY_BYTES = 1_000_000;

/** Nothing where there is no summary: GITHUB_STEP_SUMMARY is unset outside of GitHub's runners. */
export async function writeSummary(
  result: Result,
  run: Pick<Run, 'serverUrl' | 'owner' | 'repo' | 'url'>,
  page: Page,
): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  const markdown = renderComment(result, { ...addresses(run, page), notes: [], limitBytes: SUMMARY_BYTES });
  await summary.addRaw(markdown, true).write();
}
