/** The repository of the workflow tests: the checkout that is tested, with two small functions in place of ours. */
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { GitServer } from '../github/git-server.ts';
import { functionZip } from '../job.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A whole run in seconds, and nothing to compile. */
const CONFIG = `variants:
  - { name: one, source: one.zip, build: zip, runtime: provided.al2023, handler: bootstrap }
  - { name: two, source: two.zip, build: zip, runtime: provided.al2023, handler: bootstrap }
load: { blocks: 2, slotSeconds: 2, rate: 10, environments: 1, warmup: 1 }
`;

export interface Commits {
  readonly base: string;
  /** Of pull request 7, from the branch `faster`. */
  readonly branch: string;
  /** Of pull request 9, from a fork. */
  readonly fork: string;
}

export async function fillRepository({ gitDir }: GitServer): Promise<Commits> {
  const git = commands(gitDir);
  await git(['add', '--all', '.']);
  await put(git, '.github/benchmark.yml', CONFIG);
  await put(git, 'one.zip', functionZip('one'));
  await put(git, 'two.zip', functionZip('two'));
  const base = await commit(git, 'main');
  await put(git, 'two.zip', functionZip('two, faster'));
  const branch = await commit(git, 'faster', base);
  await git(['update-ref', 'refs/pull/7/head', branch]);
  await put(git, 'two.zip', functionZip("two, a stranger's"));
  const fork = await commit(git, null, base);
  // GitHub keeps the head of a fork's pull request in the base repository so.
  await git(['update-ref', 'refs/pull/9/head', fork]);
  return { base, branch, fork };
}

type Git = (args: readonly string[], input?: string | Uint8Array) => Promise<string>;

function commands(gitDir: string): Git {
  const person = (role: string) => ({
    [`GIT_${role}_NAME`]: 'mona',
    [`GIT_${role}_EMAIL`]: 'mona@example.com',
  });
  const env = {
    ...{ GIT_DIR: gitDir, GIT_WORK_TREE: ROOT, GIT_INDEX_FILE: join(gitDir, 'index') },
    ...{ ...person('AUTHOR'), ...person('COMMITTER') },
  };
  return async (args, input = '') => (await execa('git', args, { cwd: ROOT, env, input })).stdout;
}

async function put(git: Git, path: string, content: string | Uint8Array): Promise<void> {
  const blob = await git(['hash-object', '-w', '--stdin'], content);
  await git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`]);
}

async function commit(git: Git, branch: string | null, parent?: string): Promise<string> {
  const parents = parent === undefined ? [] : ['-p', parent];
  const made = await git(['commit-tree', await git(['write-tree']), ...parents, '-m', 'A change']);
  if (branch !== null) await git(['update-ref', `refs/heads/${branch}`, made]);
  return made;
}
