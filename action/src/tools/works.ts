import { execa } from 'execa';
import type { Tool } from './tool.ts';

/** True when the program is there and of the pinned version. */
export async function works(tool: Tool, binary: string): Promise<boolean> {
  const path = binary.includes('/') ? binary : await onPath(binary);
  if (path === '') return false;
  const [command, ...args] = tool.verify(path);
  const result = await execa(command as string, args, { reject: false });
  return result.exitCode === 0 && result.stdout.includes(tool.expect);
}

/** @returns '' when there is none */
export async function onPath(command: string): Promise<string> {
  const found = await execa('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', command], { reject: false });
  return found.stdout.startsWith('/') ? found.stdout : '';
}
