/** Which paths there are, and the permissions that GitHub's documentation asks for each. */
import { downloadArtifact, listRunArtifacts } from './artifacts.ts';
import * as checks from './checks.ts';
import * as comments from './comments.ts';
import * as contents from './contents.ts';
import { type Answer, type Exchange, forbidden, ok } from './exchange.ts';
import * as objects from './git-objects.ts';
import { answerGraphql } from './graphql.ts';
import * as issues from './issues.ts';
import type { Access, Scope } from './state.ts';
import { listWorkflowRuns, rerunWorkflow } from './workflow-runs.ts';

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** One of these permissions is enough; none is needed when empty. */
  readonly scopes: readonly Scope[];
  readonly answer: (exchange: Exchange) => Answer | Promise<Answer>;
}

const TALK: readonly Scope[] = ['issues', 'pull-requests'];

const REPOSITORY: readonly Route[] = [
  route('GET', '', [], issues.getRepository),
  route('GET', '/issues', TALK, issues.listIssues),
  route('POST', '/issues', ['issues'], issues.createIssue),
  route('GET', '/issues/:number', TALK, issues.getIssue),
  route('PATCH', '/issues/:number', TALK, issues.updateIssue),
  route('POST', '/issues/:number/labels', TALK, issues.addLabels),
  route('DELETE', '/issues/:number/labels/:label', TALK, issues.removeLabel),
  route('GET', '/issues/:number/comments', TALK, comments.listComments),
  route('POST', '/issues/:number/comments', TALK, comments.createComment),
  route('GET', '/issues/comments/:comment', TALK, comments.getComment),
  route('PATCH', '/issues/comments/:comment', TALK, comments.updateComment),
  route('DELETE', '/issues/comments/:comment', TALK, comments.deleteComment),
  route('POST', '/issues/comments/:comment/reactions', TALK, comments.reactToComment),
  route('GET', '/collaborators/:user/permission', [], issues.permissionOf),
  route('GET', '/pulls', ['pull-requests'], issues.listPulls),
  route('POST', '/pulls', ['pull-requests'], issues.createPull),
  route('GET', '/pulls/:number', ['pull-requests'], issues.getPull),
  route('GET', '/commits/:sha/pulls', ['pull-requests'], issues.pullsOfCommit),
  route('GET', '/commits/:sha/check-runs', ['checks'], checks.listChecks),
  route('POST', '/check-runs', ['checks'], checks.createCheck),
  route('GET', '/check-runs/:check', ['checks'], checks.getCheck),
  route('PATCH', '/check-runs/:check', ['checks'], checks.updateCheck),
  route('GET', '/check-runs/:check/annotations', ['checks'], checks.listAnnotations),
  route('POST', '/git/blobs', ['contents'], objects.createBlob),
  route('GET', '/git/blobs/:sha', ['contents'], objects.getBlob),
  route('POST', '/git/trees', ['contents'], objects.createTree),
  route('GET', '/git/trees/:sha', ['contents'], objects.getTree),
  route('POST', '/git/commits', ['contents'], objects.createCommit),
  route('GET', '/git/commits/:sha', ['contents'], objects.getCommit),
  route('GET', '/git/ref/*ref', ['contents'], objects.getRef),
  route('POST', '/git/refs', ['contents'], objects.createRef),
  route('PATCH', '/git/refs/*ref', ['contents'], objects.updateRef),
  route('DELETE', '/git/refs/*ref', ['contents'], objects.deleteRef),
  route('GET', '/actions/runs/:run/artifacts', ['actions'], listRunArtifacts),
  route('GET', '/actions/artifacts/:artifact/zip', ['actions'], downloadArtifact),
  route('GET', '/actions/workflows/:workflow/runs', ['actions'], listWorkflowRuns),
  route('POST', '/actions/runs/:run/rerun', ['actions'], rerunWorkflow),
  route('GET', '/contents/*path', ['contents'], contents.getContents),
  route('PUT', '/contents/*path', ['contents'], contents.putContents),
];

/** `/user` is for people; a workflow's token learns its own name by GraphQL only. */
const ELSEWHERE: readonly Route[] = [
  { method: 'GET', pattern: /^\/user$/, scopes: [], answer: whoAmI },
  { method: 'POST', pattern: /^\/graphql$/, scopes: [], answer: answerGraphql },
];

export const ROUTES: readonly Route[] = [...REPOSITORY, ...ELSEWHERE];

/** `:name` is one piece of the path, `*name` all that is left of it. */
function route(method: string, path: string, scopes: readonly Scope[], answer: Route['answer']): Route {
  const source = path.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/g, '(?<$1>.+)');
  return { method, pattern: new RegExp(`^/repos/(?<owner>[^/]+)/(?<repo>[^/]+)${source}$`), scopes, answer };
}

/** Throws the 403 that a token without the permission gets. */
export function requireScope({ method, scopes }: Route, { token }: Pick<Exchange, 'token'>): void {
  const wanted: readonly Access[] = method === 'GET' ? ['read', 'write'] : ['write'];
  const has = scopes.some((scope) => wanted.some((access) => token.permissions[scope] === access));
  if (scopes.length > 0 && !has) throw forbidden();
}

function whoAmI({ token }: Exchange): Answer {
  if (token.login.endsWith('[bot]')) throw forbidden();
  return ok({ login: token.login, type: 'User' });
}
