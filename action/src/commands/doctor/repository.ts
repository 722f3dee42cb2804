import { git } from '../../git.ts';
import { type Check, ok, warning } from './check.ts';

/** Git, and enough history for `--base`; a run without them knows no commit and can compare with none. */
export async function checkRepository(root: string): Promise<Check[]> {
  const version = /\d+\.\d+(\.\d+)?/.exec((await git(root, '--version')) ?? '')?.[0];
  if (version === undefined)
    return [warning('git', '`git --version` did not run', 'Install git: https://git-scm.com.')];
  return [ok('git', version), await checkHistory(root)];
}

async function checkHistory(root: string): Promise<Check> {
  const shallow = await git(root, 'rev-parse', '--is-shallow-repository');
  if (shallow === null)
    return warning('history', `${root} has none: reports name no commit`, 'Clone it with git.');
  const commits = `${(await git(root, 'rev-list', '--count', 'HEAD')) ?? 0} commits`;
  return shallow === 'true'
    ? warning('history', `shallow: ${commits}`, 'Run `git fetch --unshallow` before --base.')
    : ok('history', commits);
}
