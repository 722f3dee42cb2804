/** The Git database over a real bare repository: https://docs.github.com/en/rest/git */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Answer, created, type Exchange, notFound, ok, Refusal, requiredText } from './exchange.ts';
import type { State } from './state.ts';

export async function createBlob({ state, body }: Exchange): Promise<Answer> {
  const content = Buffer.from(String(body.content ?? ''), body.encoding === 'base64' ? 'base64' : 'utf8');
  const sha = await git(state, ['hash-object', '-w', '--stdin'], { input: content });
  return created({ sha });
}

export async function getBlob({ state, params }: Exchange): Promise<Answer> {
  const content = await readBlob(state, params.sha ?? '');
  return ok({
    sha: params.sha,
    encoding: 'base64',
    content: content.toString('base64'),
    size: content.length,
  });
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly sha?: string | null;
  readonly content?: string;
  /** Not GitHub's: binary content. */
  readonly bytes?: Buffer;
}

/** Entries are laid over `base_tree`; an entry whose `sha` is null is removed. */
export async function createTree({ state, body }: Exchange): Promise<Answer> {
  const index = join(state.gitDir, `index-${state.nextId++}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (typeof body.base_tree === 'string') await git(state, ['read-tree', body.base_tree], { env });
    for (const entry of body.tree as Entry[]) await addEntry(state, entry, env);
    const sha = await git(state, ['write-tree'], { env });
    return created({ sha });
  } finally {
    await rm(index, { force: true });
  }
}

async function addEntry(state: State, entry: Entry, env: Record<string, string>): Promise<void> {
  if (entry.sha === null) {
    await git(state, ['update-index', '--force-remove', entry.path], { env });
    return;
  }
  const sha =
    entry.sha ??
    (await git(state, ['hash-object', '-w', '--stdin'], {
      input: entry.bytes ?? Buffer.from(entry.content ?? ''),
    }));
  const line = `${entry.mode},${sha},${entry.path}`;
  await git(state, ['update-index', '--add', '--cacheinfo', line], { env });
}

/** GitHub lists one level, or all of it with `recursive`. */
export async function getTree({ state, params, query }: Exchange): Promise<Answer> {
  const flags = query.has('recursive') ? ['-r', '-t'] : [];
  const listing = await git(state, ['ls-tree', ...flags, params.sha ?? '']);
  const tree = listing
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, mode, type, sha, path] = /^(\d+) (\w+) (\w+)\t(.*)$/.exec(line) ?? [];
      return { path, mode, type, sha };
    });
  return ok({ sha: params.sha, tree, truncated: false });
}

interface Person {
  readonly name?: string;
  readonly email?: string;
}

/** GitHub signs the commit of a bot that leaves author and committer to it. */
export async function createCommit({ state, body, token }: Exchange): Promise<Answer> {
  const parents = (body.parents as string[] | undefined) ?? [];
  const author = (body.author as Person | undefined) ?? {};
  const signed = body.author === undefined && body.committer === undefined && token.login.endsWith('[bot]');
  const name = author.name ?? token.login;
  const email = author.email ?? `${token.login}@users.noreply.example`;
  const sha = await git(
    state,
    [
      'commit-tree',
      String(body.tree),
      ...parents.flatMap((parent) => ['-p', parent]),
      '-m',
      String(body.message),
    ],
    {
      env: {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: signed ? 'GitHub' : name,
        GIT_COMMITTER_EMAIL: email,
      },
    },
  );
  const verification = { verified: signed, reason: signed ? 'valid' : 'unsigned' };
  return created({ sha, tree: { sha: body.tree }, verification });
}

export async function getCommit({ state, params }: Exchange): Promise<Answer> {
  const tree = await git(state, ['rev-parse', `${params.sha}^{tree}`]);
  const parents = (await git(state, ['rev-list', '--parents', '-n', '1', params.sha ?? '']))
    .split(' ')
    .slice(1);
  const message = await git(state, ['show', '-s', '--format=%B', params.sha ?? '']);
  return ok({ sha: params.sha, tree: { sha: tree }, parents: parents.map((sha) => ({ sha })), message });
}

export async function getRef({ state, params }: Exchange): Promise<Answer> {
  const sha = await tip(state, params.ref ?? '');
  if (sha === null) throw notFound();
  return ok(shownRef(params.ref ?? '', sha));
}

export async function createRef(exchange: Exchange): Promise<Answer> {
  const { state } = exchange;
  const ref = requiredText(exchange, 'ref', 'Reference').replace(/^refs\//, '');
  if ((await tip(state, ref)) !== null) throw new Refusal(422, 'Reference already exists');
  await moveRef(state, ref, requiredText(exchange, 'sha', 'Reference'), null);
  return created(shownRef(ref, String(exchange.body.sha)));
}

export async function updateRef(exchange: Exchange): Promise<Answer> {
  const { state, params, body } = exchange;
  const ref = params.ref ?? '';
  const old = await tip(state, ref);
  if (old === null) throw new Refusal(422, 'Reference does not exist');
  const sha = requiredText(exchange, 'sha', 'Reference');
  if (body.force !== true && !(await isAncestor(state, old, sha)))
    throw new Refusal(422, 'Update is not a fast forward');
  await moveRef(state, ref, sha, old);
  return ok(shownRef(ref, sha));
}

export async function deleteRef({ state, params }: Exchange): Promise<Answer> {
  const ref = params.ref ?? '';
  if ((await tip(state, ref)) === null) throw new Refusal(422, 'Reference does not exist');
  refuseProtected(state, ref);
  await git(state, ['update-ref', '-d', `refs/${ref}`]);
  return { status: 204 };
}

/** Compares and swaps, so that of two writers at once one is refused. */
export async function moveRef(state: State, ref: string, sha: string, old: string | null): Promise<void> {
  refuseProtected(state, ref);
  try {
    await git(state, ['update-ref', `refs/${ref}`, sha, old ?? '0'.repeat(40)]);
  } catch {
    throw new Refusal(422, 'Update is not a fast forward');
  }
}

function refuseProtected({ protectedBranches }: State, ref: string): void {
  if (!protectedBranches.some((branch) => ref === `heads/${branch}`)) return;
  throw new Refusal(
    422,
    'Repository rule violations found\n\nChanges must be made through a pull request.\n\n',
  );
}

export async function tip(state: State, ref: string): Promise<string | null> {
  const { exitCode, stdout } = await execa(
    'git',
    ['rev-parse', '--verify', '--quiet', `refs/${ref}^{commit}`],
    {
      cwd: state.gitDir,
      reject: false,
    },
  );
  return exitCode === 0 ? stdout : null;
}

async function isAncestor(state: State, old: string, sha: string): Promise<boolean> {
  const { exitCode } = await execa('git', ['merge-base', '--is-ancestor', old, sha], {
    cwd: state.gitDir,
    reject: false,
  });
  return exitCode === 0;
}

export async function readBlob(state: State, object: string): Promise<Buffer> {
  const { exitCode, stdout } = await execa('git', ['cat-file', 'blob', object], {
    cwd: state.gitDir,
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  });
  if (exitCode !== 0) throw notFound();
  return Buffer.from(stdout);
}

interface GitOptions {
  readonly env?: Record<string, string>;
  readonly input?: Buffer;
}

/** Standard output of git in the bare repository; what git refuses, GitHub calls unprocessable. */
export async function git(
  state: State,
  args: string[],
  { env = {}, input }: GitOptions = {},
): Promise<string> {
  const result = await execa('git', args, {
    cwd: state.gitDir,
    env,
    reject: false,
    ...(input !== undefined && { input }),
  });
  if (result.exitCode !== 0) throw new Refusal(422, result.stderr || 'Unprocessable');
  return result.stdout;
}

const shownRef = (ref: string, sha: string) => ({ ref: `refs/${ref}`, object: { type: 'commit', sha } });

/** The object that an answer of this file made. */
export const shaOf = (answer: Answer): string => (answer.body as { sha: string }).sha;
