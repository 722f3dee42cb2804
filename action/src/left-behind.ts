import { readdir } from 'node:fs/promises';

/**
 * Names in a folder that carry the id of a process which is gone: what runs that were killed outright have left.
 *
 * @param pattern its group 1 is the process id.
 */
export async function leftBehind(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => {
    const owner = Number(pattern.exec(name)?.[1] ?? 0);
    return owner > 0 && !isAlive(owner);
  });
}

/** Whether there is a process of this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is somebody else's
  }
}
