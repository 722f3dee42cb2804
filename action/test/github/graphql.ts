/** The two things that GitHub offers by GraphQL only: a token's own name, and commits that GitHub signs. */
import { type Answer, type Exchange, ok, Refusal } from './exchange.ts';
import { createCommit, createTree, moveRef, shaOf, tip } from './git-objects.ts';

export function answerGraphql(exchange: Exchange): Answer | Promise<Answer> {
  const query = String(exchange.body.query);
  if (/\bcreateCommitOnBranch\b/.test(query)) return commitOnBranch(exchange);
  if (/^\s*(query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query))
    return ok({ data: { viewer: { login: exchange.token.login } } });
  throw new Refusal(400, 'This fake knows { viewer { login } } and createCommitOnBranch');
}

/** https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch */
interface CommitInput {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
}

async function commitOnBranch(exchange: Exchange): Promise<Answer> {
  const { input } = exchange.body.variables as { input: CommitInput };
  const { state, token } = exchange;
  const ref = `heads/${input.branch.branchName}`;
  if (input.branch.repositoryNameWithOwner !== `${state.owner}/${state.repo}`)
    return failed(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${input.branch.repositoryNameWithOwner}'.`,
    );
  if (token.permissions.contents !== 'write')
    return failed('FORBIDDEN', 'Resource not accessible by integration');
  const head = await tip(state, ref);
  if (head === null) return failed('NOT_FOUND', `No branch named ${input.branch.branchName}.`);
  if (head !== input.expectedHeadOid) return stale(head);
  const oid = await commit(exchange, input, head);
  try {
    await moveRef(state, ref, oid, head);
  } catch (error) {
    return error instanceof Refusal && /fast forward/.test(error.message)
      ? stale(head)
      : failed('UNPROCESSABLE', (error as Error).message);
  }
  return ok({ data: { createCommitOnBranch: { commit: { oid, url: `${exchange.origin}/commit/${oid}` } } } });
}

async function commit(exchange: Exchange, input: CommitInput, head: string): Promise<string> {
  const { additions = [], deletions = [] } = input.fileChanges;
  const blobs = additions.map(({ path, contents }) => ({
    path,
    mode: '100644',
    bytes: Buffer.from(contents, 'base64'),
  }));
  const tree = await createTree({
    ...exchange,
    body: {
      base_tree: `${head}^{tree}`,
      tree: [...blobs, ...deletions.map(({ path }) => ({ path, mode: '100644', sha: null }))],
    },
  });
  const message = [input.message.headline, input.message.body].filter(Boolean).join('\n\n');
  return shaOf(await createCommit({ ...exchange, body: { tree: shaOf(tree), parents: [head], message } }));
}

const stale = (head: string): Answer =>
  failed('STALE_DATA', `Expected branch to point to "${head}" but it did not. Pull and try again.`);

/** GraphQL's failures come with status 200. */
function failed(type: string, message: string): Answer {
  return ok({
    data: { createCommitOnBranch: null },
    errors: [{ type, path: ['createCommitOnBranch'], message }],
  });
}
