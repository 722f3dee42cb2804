/** Check runs: https://docs.github.com/en/rest/checks/runs */
import { execa } from 'execa';
import { type Answer, created, type Exchange, notFound, ok, Refusal, requiredText } from './exchange.ts';
import type { Annotation, CheckRun } from './state.ts';

const CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
  'stale',
];
const STATUSES = ['queued', 'in_progress', 'completed'];
const MOST_ANNOTATIONS = 50;
const LONGEST_SUMMARY = 65_535;

export async function createCheck(exchange: Exchange): Promise<Answer> {
  const headSha = requiredText(exchange, 'head_sha', 'CheckRun');
  await mustExist(exchange, headSha);
  const run: CheckRun = {
    id: exchange.state.nextId++,
    headSha,
    name: requiredText(exchange, 'name', 'CheckRun'),
    status: 'queued',
    conclusion: null,
    detailsUrl: null,
    title: null,
    summary: null,
    annotations: [],
  };
  apply(run, exchange);
  exchange.state.checks.push(run);
  return created(shown(run, exchange));
}

/** Annotations of an update are added to those that are there. */
export function updateCheck(exchange: Exchange): Answer {
  const run = checkOf(exchange);
  apply(run, exchange);
  return ok(shown(run, exchange));
}

export const getCheck = (exchange: Exchange): Answer => ok(shown(checkOf(exchange), exchange));

export const listAnnotations = (exchange: Exchange): Answer => ({
  status: 200,
  list: checkOf(exchange).annotations,
});

export function listChecks(exchange: Exchange): Answer {
  const list = exchange.state.checks
    .filter((run) => run.headSha === exchange.params.sha)
    .map((run) => shown(run, exchange));
  return { status: 200, list, wrap: (page, total) => ({ total_count: total, check_runs: page }) };
}

function apply(run: CheckRun, { body }: Exchange): void {
  const output = outputOf(body.output);
  if (typeof body.status === 'string') run.status = oneOf(STATUSES, body.status, 'status');
  if (typeof body.conclusion === 'string') {
    run.conclusion = oneOf(CONCLUSIONS, body.conclusion, 'conclusion');
    run.status = 'completed';
  }
  if (run.status === 'completed' && run.conclusion === null)
    throw new Refusal(422, 'Invalid request.\n\n"conclusion" wasn\'t supplied.');
  if (typeof body.details_url === 'string') run.detailsUrl = body.details_url;
  if (output === null) return;
  run.title = output.title;
  run.summary = output.summary;
  run.annotations.push(...output.annotations);
}

function outputOf(given: unknown) {
  if (typeof given !== 'object' || given === null) return null;
  const { title, summary, annotations = [] } = given as Record<string, unknown>;
  if (typeof title !== 'string' || typeof summary !== 'string')
    throw new Refusal(422, 'Invalid request.\n\n"title", "summary" weren\'t supplied.');
  if (summary.length > LONGEST_SUMMARY)
    throw new Refusal(
      422,
      `Invalid request.\n\nOnly ${LONGEST_SUMMARY} characters are allowed; ${summary.length} were supplied.`,
    );
  if (!Array.isArray(annotations))
    throw new Refusal(422, 'Invalid request.\n\n"annotations" is not an array.');
  if (annotations.length > MOST_ANNOTATIONS)
    throw new Refusal(
      422,
      `Invalid request.\n\nNo more than ${MOST_ANNOTATIONS} items are allowed; ${annotations.length} were supplied.`,
    );
  return { title, summary, annotations: annotations.map(annotationOf) };
}

function annotationOf(given: unknown): Annotation {
  const { path, start_line, end_line, annotation_level, message } = given as Annotation;
  const whole = [path, annotation_level, message].every((field) => typeof field === 'string' && field !== '');
  if (!whole || !Number.isInteger(start_line) || !Number.isInteger(end_line))
    throw new Refusal(422, 'Invalid request.\n\nAn annotation lacks a field.');
  oneOf(['notice', 'warning', 'failure'], annotation_level, 'annotation_level');
  return given as Annotation;
}

function oneOf(allowed: readonly string[], given: string, field: string): string {
  if (allowed.includes(given)) return given;
  throw new Refusal(
    422,
    `Invalid request.\n\n${given} is not a member of ${JSON.stringify(allowed)} (${field}).`,
  );
}

/** A commit that a force-push left behind is still there; one that nobody ever pushed is not. */
async function mustExist({ state }: Exchange, sha: string): Promise<void> {
  const known = state.issues.some((issue) => issue.pull?.head.sha === sha);
  const { exitCode } = await execa('git', ['cat-file', '-e', `${sha}^{commit}`], {
    cwd: state.gitDir,
    reject: false,
  });
  if (!known && exitCode !== 0) throw new Refusal(422, `No commit found for SHA: ${sha}`);
}

function checkOf({ state, params }: Exchange): CheckRun {
  const found = state.checks.find((run) => run.id === Number(params.check));
  if (found === undefined) throw notFound();
  return found;
}

function shown(run: CheckRun, { state, origin }: Exchange) {
  return {
    id: run.id,
    head_sha: run.headSha,
    name: run.name,
    status: run.status,
    conclusion: run.conclusion,
    details_url: run.detailsUrl,
    html_url: `${origin}/${state.owner}/${state.repo}/runs/${run.id}`,
    output: {
      title: run.title,
      summary: run.summary,
      annotations_count: run.annotations.length,
    },
  };
}
