import { execa } from 'execa';
import { onPath } from '../on-path.ts';
import type { Tool } from './tool.ts';

/** True when the program is there and of the pinned version. */
export async function works(tool: Tool, binary: string): Promise<boolean> {
  const path = binary.includes('/') ? binary : onPath(binary);
  if (path === null) return false;
  const [command, ...args] = tool.verify(path);
  const result = await execa(command as string, args, { reject: false });
  return result.exitCode === 0 && result.stdout.includes(tool.expect);
}
