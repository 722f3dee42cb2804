/** Comments on issues and pull requests: https://docs.github.com/en/rest/issues/comments */
import {
  type Answer,
  bodyText,
  created,
  type Exchange,
  forbidden,
  notFound,
  ok,
  Refusal,
} from './exchange.ts';
import type { Comment, State } from './state.ts';

export function listComments(exchange: Exchange): Answer {
  const issue = issueOf(exchange);
  const list = exchange.state.comments
    .filter((comment) => comment.issue === issue.number)
    .map((comment) => shown(comment, exchange));
  return { status: 200, list };
}

export function createComment(exchange: Exchange): Answer {
  const issue = issueOf(exchange);
  if (issue.locked) throw new Refusal(403, 'Unable to create comment because issue is locked.');
  const now = new Date().toISOString();
  const comment: Comment = {
    id: exchange.state.nextId++,
    issue: issue.number,
    login: exchange.token.login,
    body: bodyText(exchange, 'IssueComment'),
    createdAt: now,
    updatedAt: now,
  };
  exchange.state.comments.push(comment);
  return created(shown(comment, exchange));
}

export const getComment = (exchange: Exchange): Answer => ok(shown(commentOf(exchange), exchange));

/** A workflow's token may write in nobody else's comment. */
export function updateComment(exchange: Exchange): Answer {
  const comment = commentOf(exchange);
  if (comment.login !== exchange.token.login) throw forbidden();
  comment.body = bodyText(exchange, 'IssueComment');
  comment.updatedAt = new Date().toISOString();
  return ok(shown(comment, exchange));
}

export function deleteComment(exchange: Exchange): Answer {
  const { comments } = exchange.state;
  comments.splice(comments.indexOf(commentOf(exchange)), 1);
  return { status: 204 };
}

export function reactToComment(exchange: Exchange): Answer {
  commentOf(exchange);
  return created({
    id: exchange.state.nextId++,
    content: exchange.body.content,
    user: { login: exchange.token.login },
  });
}

function commentOf({ state, params }: Exchange): Comment {
  const found = state.comments.find((comment) => comment.id === Number(params.comment));
  if (found === undefined) throw notFound();
  return found;
}

export function issueOf({ state, params }: { state: State; params: Exchange['params'] }) {
  const found = state.issues.find((issue) => issue.number === Number(params.number));
  if (found === undefined) throw notFound();
  return found;
}

function shown(comment: Comment, { state, origin }: Exchange) {
  const bot = comment.login.endsWith('[bot]');
  return {
    id: comment.id,
    url: `${origin}/repos/${state.owner}/${state.repo}/issues/comments/${comment.id}`,
    html_url: `${origin}/${state.owner}/${state.repo}/pull/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${origin}/repos/${state.owner}/${state.repo}/issues/${comment.issue}`,
    body: comment.body,
    user: { login: comment.login, type: bot ? 'Bot' : 'User' },
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  };
}
