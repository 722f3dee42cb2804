/**
 * A temporary bare repository in which a commit is made and pushed. The checkout of the job is never opened: its work
 * tree, index, config and shallow boundary stay as they are, whatever happens here.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { rejection } from './rejection.ts';

export interface GitRemote {
  /** What git pushes to, e.g. `https://github.com/OWNER/NAME`. */
  readonly url: string;
  /** Null where the remote asks for none. */
  readonly token: string | null;
}

/** Files by their path in the repository. */
export type Tree = ReadonlyMap<string, string | Uint8Array>;

export interface StoredFile {
  readonly path: string;
  /** Id of the git blob. */
  readonly id: string;
}

export interface GitStore extends AsyncDisposable {
  /** Fetches the newest commit of a branch; null when there is no such branch. */
  tip(branch: string): Promise<string | null>;
  files(commit: string, folder: string): Promise<StoredFile[]>;
  read(ids: readonly string[]): Promise<string[]>;
  blobId(content: string): Promise<string>;
  /** @returns the new commit: the parent's files, with those of `tree` added or replaced */
  commit(parent: string | null, tree: Tree, message: string): Promise<string>;
  /** Moves the branch from `expected` (null: it must not exist) to `commit`. @throws what `rejection` makes of a refusal */
  push(commit: string, branch: string, expected: string | null): Promise<void>;
}

const AUTHOR = 'github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>';
const OURS = 'refs/heads/made-here';

/** By its name the next run on the local cloud removes it, should this process be killed. */
export async function openGitStore(remote: GitRemote, signal?: AbortSignal): Promise<GitStore> {
  const folder = await mkdtemp(join(tmpdir(), `lambda-duel-${process.pid}-git-`));
  const git = runner(folder, remote, signal);
  await output(git, ['init', '--quiet', '--bare', folder]);
  return {
    tip: (branch) => tip(git, remote, branch),
    files: (commit, under) => files(git, commit, under),
    read: (ids) => read(git, ids),
    blobId: async (content) => word(await output(git, ['hash-object', '--stdin'], content)),
    commit: (parent, tree, message) => makeCommit(git, parent, tree, message),
    push: (commit, branch, expected) => push(git, remote, { commit, branch, expected }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

interface Answer {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}
type Git = (args: readonly string[], input?: string | Uint8Array) => Promise<Answer>;

function runner(folder: string, remote: GitRemote, signal: AbortSignal | undefined): Git {
  const env = environment(folder, remote);
  return async (args, input = '') => {
    const options = { env, input, reject: false, encoding: 'buffer', maxBuffer: 2 ** 30 } as const;
    const result = await execa(
      'git',
      args,
      signal === undefined ? options : { ...options, cancelSignal: signal },
    );
    signal?.throwIfAborted();
    const stderr = Buffer.from(result.stderr ?? []).toString() || result.shortMessage || '';
    return { ok: result.exitCode === 0, stdout: Buffer.from(result.stdout ?? []), stderr };
  };
}

/** Of a command that cannot fail but by a defect or a full disk: an empty answer would be taken for an empty branch. */
async function output(git: Git, args: readonly string[], input?: string | Uint8Array): Promise<Buffer> {
  const { ok, stdout, stderr } = await git(args, input);
  if (!ok) throw new Error(`git ${args[0]} failed: ${stderr}`);
  return stdout;
}

const word = (bytes: Buffer): string => bytes.toString().trim();

/** The token travels in the environment: arguments of a process can be read by everybody on the machine. */
function environment(folder: string, { url, token }: GitRemote): Record<string, string | undefined> {
  const settings: [string, string][] = [
    ['credential.helper', ''],
    ['gc.auto', '0'],
  ];
  if (token !== null) {
    const header = `http.${new URL(url).origin}/.extraHeader`;
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    // An empty value clears what a checkout's credentials may have set: GitHub refuses two headers.
    settings.push([header, ''], [header, `AUTHORIZATION: basic ${basic}`]);
  }
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...Object.fromEntries(pairs),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_DIR: folder,
    GIT_INDEX_FILE: undefined,
    GIT_WORK_TREE: undefined,
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

async function tip(git: Git, remote: GitRemote, branch: string): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const answer = await git([
    'fetch',
    '--quiet',
    '--no-tags',
    '--depth=1',
    remote.url,
    `+${ref}:refs/remotes/tip`,
  ]);
  if (answer.ok) return word(await output(git, ['rev-parse', 'refs/remotes/tip']));
  if (/couldn't find remote ref/.test(answer.stderr)) return null;
  throw rejection(branch, answer.stderr);
}

async function files(git: Git, commit: string, under: string): Promise<StoredFile[]> {
  const listed = await output(git, ['ls-tree', '-r', '-z', commit, '--', `${under}/`]);
  return listed
    .toString()
    .split('\0')
    .flatMap((line) => {
      const match = /^100644 blob ([0-9a-f]+)\t(.+)$/s.exec(line);
      return match === null ? [] : [{ id: match[1]!, path: match[2]! }];
    });
}

async function read(git: Git, ids: readonly string[]): Promise<string[]> {
  const bytes = await output(git, ['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  const texts: string[] = [];
  // Each object is `<id> <type> <size>\n<content>\n` (git-cat-file, "batch output").
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const size = Number(bytes.toString('latin1', at, end).split(' ')[2]);
    texts.push(bytes.toString('utf8', end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

/** One stream of `git fast-import` (its manual: "commit", "M 100644 inline"), so neither index nor work tree is needed. */
async function makeCommit(git: Git, parent: string | null, tree: Tree, message: string): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const header = [`commit ${OURS}`, `committer ${AUTHOR} ${seconds} +0000`].join('\n');
  const stream = Buffer.concat([
    Buffer.from(`reset ${OURS}\n\n${header}\n`),
    data(message),
    Buffer.from(parent === null ? '' : `from ${parent}\n`),
    ...[...tree].flatMap(([path, content]) => [Buffer.from(`M 100644 inline ${path}\n`), data(content)]),
  ]);
  await output(git, ['fast-import', '--quiet', '--force', '--date-format=raw'], stream);
  return word(await output(git, ['rev-parse', OURS]));
}

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

interface Push {
  readonly commit: string;
  readonly branch: string;
  readonly expected: string | null;
}

async function push(git: Git, remote: GitRemote, { commit, branch, expected }: Push): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const answer = await git(['push', '--porcelain', lease, remote.url, `${commit}:${ref}`]);
  // With --porcelain a refused ref is told on stdout, and why on stderr.
  if (!answer.ok) throw rejection(branch, `${answer.stderr}\n${answer.stdout}`);
}
