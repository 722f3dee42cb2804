import { basename } from 'node:path';
import { execa } from 'execa';

/**
 * The repository that a run's stacks are tagged with and that the janitor cleans up after: `owner/name` as GitHub or
 * the `origin` remote tell it, else the folder's name.
 */
export async function repositoryOf(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if (env.GITHUB_REPOSITORY) return env.GITHUB_REPOSITORY;
  const { stdout = '' } = await execa('git', ['remote', 'get-url', 'origin'], { cwd: root, reject: false });
  return /[/:]([\w.-]+\/[\w.-]+?)(\.git)?\/?$/.exec(stdout.trim())?.[1] ?? basename(root);
}
