/** The repository, its issues and pull requests. */
import { issueOf } from './comments.ts';
import {
  type Answer,
  bodyText,
  created,
  type Exchange,
  notFound,
  ok,
  Refusal,
  requiredText,
} from './exchange.ts';
import type { Issue } from './state.ts';

export function getRepository({ state, origin }: Exchange): Answer {
  const { owner, repo, defaultBranch } = state;
  return ok({
    full_name: `${owner}/${repo}`,
    name: repo,
    owner: { login: owner },
    private: true,
    default_branch: defaultBranch,
    html_url: `${origin}/${owner}/${repo}`,
  });
}

export function listIssues({ state, query, origin }: Exchange): Answer {
  const wanted = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const list = state.issues
    .filter((issue) => wanted === 'all' || issue.state === wanted)
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .map((issue) => shownIssue(issue, origin));
  return { status: 200, list };
}

export const getIssue = (exchange: Exchange): Answer => ok(shownIssue(issueOf(exchange), exchange.origin));

export function createIssue(exchange: Exchange): Answer {
  const { state, token, body } = exchange;
  const issue: Issue = {
    number: Math.max(0, ...state.issues.map((other) => other.number)) + 1,
    login: token.login,
    title: requiredText(exchange, 'title', 'Issue'),
    body: body.body === undefined ? '' : bodyText(exchange, 'Issue'),
    state: 'open',
    locked: false,
    labels: strings(body.labels),
    pull: null,
  };
  state.issues.push(issue);
  return created(shownIssue(issue, exchange.origin));
}

export function updateIssue(exchange: Exchange): Answer {
  const issue = issueOf(exchange);
  const { title, body, state } = exchange.body;
  if (typeof title === 'string') issue.title = title;
  if (typeof body === 'string') issue.body = bodyText(exchange, 'Issue');
  if (state === 'open' || state === 'closed') issue.state = state;
  return ok(shownIssue(issue, exchange.origin));
}

export function addLabels(exchange: Exchange): Answer {
  const issue = issueOf(exchange);
  const added = strings(exchange.body.labels).filter((label) => !issue.labels.includes(label));
  issue.labels.push(...added);
  return ok(issue.labels.map((name) => ({ name })));
}

export function removeLabel(exchange: Exchange): Answer {
  const { labels } = issueOf(exchange);
  const at = labels.indexOf(exchange.params.label ?? '');
  if (at < 0) throw notFound();
  labels.splice(at, 1);
  return ok(labels.map((name) => ({ name })));
}

/** `head` is `owner:branch`, as GitHub wants it; one without an owner finds nothing. */
export function listPulls({ state, query, origin }: Exchange): Answer {
  const wanted = query.get('state') ?? 'open';
  const head = query.get('head');
  const list = pulls(state.issues)
    .filter((issue) => wanted === 'all' || issue.state === wanted)
    .filter(({ pull }) => head === null || head === `${pull.head.repo.split('/')[0]}:${pull.head.ref}`)
    .map((issue) => shownPull(issue, origin));
  return { status: 200, list };
}

export function getPull(exchange: Exchange): Answer {
  const found = pulls(exchange.state.issues).find((issue) => issue.number === Number(exchange.params.number));
  if (found === undefined) throw notFound();
  return ok(shownPull(found, exchange.origin));
}

export function createPull(exchange: Exchange): Answer {
  const { state, token, body } = exchange;
  const ref = requiredText(exchange, 'head', 'PullRequest').split(':').at(-1) ?? '';
  const base = requiredText(exchange, 'base', 'PullRequest');
  const same = pulls(state.issues).filter(({ pull }) => pull.head.ref === ref && pull.base.ref === base);
  if (same.some(({ state: now }) => now === 'open')) throw openAlready(`${state.owner}:${ref}`);
  const issue: Issue = {
    number: Math.max(0, ...state.issues.map((other) => other.number)) + 1,
    login: token.login,
    title: requiredText(exchange, 'title', 'PullRequest'),
    body: typeof body.body === 'string' ? body.body : '',
    state: 'open',
    locked: false,
    labels: [],
    pull: {
      head: { ref, sha: '', repo: `${state.owner}/${state.repo}` },
      base: { ref: base, sha: '' },
    },
  };
  state.issues.push(issue);
  return created(shownPull(issue as PullIssue, exchange.origin));
}

function openAlready(head: string): Refusal {
  const message = `A pull request already exists for ${head}.`;
  return new Refusal(422, 'Validation Failed', {
    errors: [{ resource: 'PullRequest', code: 'custom', message }],
  });
}

/** Those whose head is the commit, open or not; a fork's too. */
export function pullsOfCommit({ state, params, origin }: Exchange): Answer {
  const list = pulls(state.issues)
    .filter(({ pull }) => pull.head.sha === params.sha)
    .map((issue) => shownPull(issue, origin));
  return { status: 200, list };
}

export function permissionOf({ state, params }: Exchange): Answer {
  const login = decodeURIComponent(params.user ?? '');
  if (login.endsWith('[bot]')) throw notFound(); // An app is no user.
  return ok({ permission: state.collaborators[login] ?? 'none', user: { login } });
}

type PullIssue = Issue & { readonly pull: NonNullable<Issue['pull']> };

function pulls(issues: readonly Issue[]): PullIssue[] {
  return issues.filter((issue): issue is PullIssue => issue.pull !== null);
}

function shownIssue(issue: Issue, origin: string) {
  return {
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    locked: issue.locked,
    labels: issue.labels.map((name) => ({ name })),
    user: { login: issue.login },
    html_url: `${origin}/issues/${issue.number}`,
    ...(issue.pull !== null && { pull_request: { url: `${origin}/pulls/${issue.number}` } }),
  };
}

function shownPull(issue: PullIssue, origin: string) {
  const { head, base } = issue.pull;
  const repo = { full_name: head.repo, owner: { login: head.repo.split('/')[0] } };
  return {
    number: issue.number,
    title: issue.title,
    state: issue.state,
    locked: issue.locked,
    user: { login: issue.login },
    html_url: `${origin}/pull/${issue.number}`,
    // The repository of a head is null when the fork was deleted.
    head: { ref: head.ref, sha: head.sha, repo: head.repo === '' ? null : repo, user: repo.owner },
    base: { ref: base.ref, sha: base.sha },
  };
}

function strings(given: unknown): string[] {
  return Array.isArray(given) ? given.filter((item) => typeof item === 'string') : [];
}
