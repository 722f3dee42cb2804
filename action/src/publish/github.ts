/** What GitHub shows of a run, from its start to its end: the comment and the check run. */

import { judgedPairs } from '../compare/gates.ts';
import { type Notice, renderComment, renderNotice } from '../report/comment.ts';
import { plain } from '../report/escape.ts';
import type { ChartImage, WebLink } from '../report/links.ts';
import { conclusionOf, type FailOn, worsenings } from '../report/outcome.ts';
import { distrust, headline } from '../report/sentences.ts';
import type { Result } from '../result.ts';
import { annotationsOf, type Conclusion, concludeCheck, startCheck, TITLE_CHARACTERS } from './check.ts';
import type { Committed } from './commit.ts';
import { complaint } from './complaint.ts';
import type { Octokit } from './octokit.ts';
import type { Run } from './run-context.ts';
import { showComment } from './sticky-comment.ts';

export interface Audience {
  readonly client: Octokit;
  readonly run: Run;
  /** Names the check run, and tells comments of several benchmarks apart. */
  readonly name: string;
  readonly comment: boolean;
  readonly check: boolean;
  readonly failOn: FailOn;
  /** Told what could not be published, and what to do about it. */
  readonly warn: (message: string) => void;
}

/** @returns the check run's id, for `conclude` or `retire`; null when there is none */
export async function announce(audience: Audience, sentences: readonly string[]): Promise<number | null> {
  const { run, name } = audience;
  const sha = run.sha.slice(0, 12);
  const notice: Notice = {
    title: `${name}: running`,
    sentences: [`Commit ${sha} is being measured.`, ...sentences],
    links: [runLink(run)],
  };
  await show(audience, renderNotice(notice));
  if (!audience.check) return null;
  return attempt(audience, 'Starting the check run', 'checks', () => startCheck(audience));
}

export interface Page {
  readonly committed: Pick<Committed, 'commit' | 'folder'> | null;
  /** Of the report, with the paths of their files in it. */
  readonly charts: readonly ChartImage[];
}

/** The verdict. */
export async function conclude(
  audience: Audience,
  checkId: number | null,
  result: Result,
  page: Page,
): Promise<void> {
  const circumstances = { ...addresses(audience.run, page), notes: await circumstancesOf(audience) };
  const markdown = renderComment(result, circumstances);
  await show(audience, markdown);
  const conclusion = conclusionOf(result, audience.failOn);
  await endCheck(audience, checkId, {
    conclusion,
    title: titleOf(result),
    summary: markdown,
    annotations: annotationsOf(result, conclusion === 'failure' ? 'failure' : 'warning'),
  });
}

/** A run that ended without a verdict. `sentences` are raw text, e.g. an error's fact and remedy. */
export async function retire(
  audience: Audience,
  checkId: number | null,
  how: 'failed' | 'cancelled',
  sentences: readonly string[],
): Promise<void> {
  const { run, name } = audience;
  const notice: Notice = {
    title: `${name}: ${how}`,
    sentences: [`The run of commit ${run.sha.slice(0, 12)} ended without a result.`, ...sentences],
    links: [runLink(run)],
  };
  const markdown = renderNotice(notice);
  await show(audience, markdown);
  await endCheck(audience, checkId, {
    conclusion: how === 'failed' ? 'failure' : 'cancelled',
    title: `No result: the run ${how === 'failed' ? 'failed' : 'was cancelled'}`,
    summary: markdown,
    annotations: [],
  });
}

type Place = Pick<Run, 'serverUrl' | 'owner' | 'repo' | 'url'>;

/** Where the report and its pictures are. */
export function addresses(run: Place, page: Page): { links: WebLink[]; charts: ChartImage[] } {
  const report = fileUrl(run, page, 'blob', 'report.md');
  if (report === null) return { links: [runLink(run)], charts: [] };
  const raw = (path: string) => fileUrl(run, page, 'raw', path) ?? '';
  return {
    links: [
      { label: 'Report', url: report },
      { label: 'result.json', url: fileUrl(run, page, 'blob', 'result.json') ?? '' },
      runLink(run),
    ],
    charts: page.charts.map((chart) => ({ ...chart, light: raw(chart.light), dark: raw(chart.dark) })),
  };
}

/** By the commit that has the file, because a branch moves on; null when nothing was committed. */
export function fileUrl(
  { serverUrl, owner, repo }: Place,
  { committed }: Page,
  kind: 'blob' | 'raw',
  path: string,
): string | null {
  if (committed === null) return null;
  return `${serverUrl}/${owner}/${repo}/${kind}/${committed.commit}/${committed.folder}/${path}`;
}

/** What happened to the pull request while the run measured. */
async function circumstancesOf(audience: Audience): Promise<string[]> {
  const { client, run } = audience;
  const { pull } = run;
  if (pull === null) return [];
  const answer = await attempt(audience, 'Reading the pull request', 'pull-requests', () =>
    client.rest.pulls.get({ owner: run.owner, repo: run.repo, pull_number: pull.number }),
  );
  if (answer === null) return [];
  const { state, head } = answer.data;
  const [measured, now] = [run.sha.slice(0, 12), head.sha.slice(0, 12)];
  return [
    ...(head.sha === run.sha ? [] : [`this is about commit ${measured}; the branch has moved on to ${now}.`]),
    ...(state === 'open' ? [] : ['the pull request was closed while this ran.']),
  ];
}

async function show(audience: Audience, markdown: string): Promise<void> {
  const { client, run, name } = audience;
  const { pull } = run;
  if (!audience.comment || pull === null) return;
  await attempt(audience, 'Commenting on the pull request', 'pull-requests', () =>
    showComment({ client, run, pullNumber: pull.number, name }, markdown),
  );
}

async function endCheck(audience: Audience, id: number | null, conclusion: Conclusion): Promise<void> {
  if (id === null) return;
  await attempt(audience, 'Concluding the check run', 'checks', () =>
    concludeCheck(audience, id, conclusion),
  );
}

/** A pull request whose comment cannot be written is measured all the same. */
async function attempt<T>(
  { warn }: Audience,
  what: string,
  permission: string,
  request: () => Promise<T>,
): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    const { fact, remedy } = complaint(what, permission, error);
    warn(`${fact} ${remedy}`);
    return null;
  }
}

/** The check's one line: why it is not to be trusted, or the finding of what is worse, else of the first pair that counts. */
function titleOf(result: Result): string {
  const [reason] = distrust(result);
  const [pair] = [...worsenings(result).map((found) => found.pair), ...judgedPairs(result), ...result.pairs];
  const sentence = reason ?? (pair === undefined ? undefined : headline(result, pair));
  return plain(sentence?.lead ?? 'No pair of variants was compared').slice(0, TITLE_CHARACTERS);
}

function runLink({ url }: Pick<Run, 'url'>): WebLink {
  return { label: 'Workflow run', url };
}
