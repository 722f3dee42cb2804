import { execa } from 'execa';

/** Standard output of a git command, or null where it failed, as outside of a work tree. */
export async function git(cwd: string, ...args: string[]): Promise<string | null> {
  const { exitCode, stdout } = await execa('git', args, { cwd, reject: false });
  return exitCode === 0 ? stdout : null;
}
