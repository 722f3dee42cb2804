/** Files of a branch: https://docs.github.com/en/rest/repos/contents */
import { type Answer, created, type Exchange, notFound, ok, Refusal, requiredText } from './exchange.ts';
import { createCommit, createTree, git, moveRef, readBlob, shaOf, tip } from './git-objects.ts';

export async function getContents({ state, params, query }: Exchange): Promise<Answer> {
  const ref = query.get('ref') ?? state.defaultBranch;
  const commit = (await tip(state, `heads/${ref}`)) ?? ref;
  const path = params.path ?? '';
  const sha = await git(state, ['rev-parse', '--verify', `${commit}:${path}`]).catch(() => {
    throw notFound();
  });
  const content = await readBlob(state, sha);
  return ok({ type: 'file', path, sha, encoding: 'base64', content: content.toString('base64') });
}

/** A file that is there can only be replaced by who names its present blob. */
export async function putContents(exchange: Exchange): Promise<Answer> {
  const { state, params, body } = exchange;
  const path = params.path ?? '';
  const branch = typeof body.branch === 'string' ? body.branch : state.defaultBranch;
  const parent = await tip(state, `heads/${branch}`);
  if (parent === null) throw new Refusal(404, `Branch ${branch} not found`);
  const present = await git(state, ['rev-parse', '--verify', `${parent}:${path}`]).catch(() => null);
  if (present !== null && present !== body.sha)
    throw new Refusal(409, `${path} does not match ${String(body.sha)}`);
  const content = requiredText(exchange, 'content', 'Content');
  const blob = await git(state, ['hash-object', '-w', '--stdin'], { input: Buffer.from(content, 'base64') });
  const tree = await createTree({
    ...exchange,
    body: { base_tree: `${parent}^{tree}`, tree: [{ path, mode: '100644', sha: blob }] },
  });
  const commit = await createCommit({
    ...exchange,
    body: { tree: shaOf(tree), parents: [parent], message: requiredText(exchange, 'message', 'Content') },
  });
  await moveRef(state, `heads/${branch}`, shaOf(commit), parent);
  return created({ content: { path, sha: blob }, commit: commit.body });
}
