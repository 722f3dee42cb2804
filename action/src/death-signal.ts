import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Command = readonly [file: string, ...args: string[]];

/**
 * The command so that the kernel kills it when we are killed ourselves, by a signal that no handler of ours sees. As it
 * is where there is no `setpriv`, as on macOS: there it learns of our end when it next writes to us.
 */
export function dyingWithUs(command: Command): Command {
  return canWrap(command) ? ['setpriv', '--pdeathsig', 'KILL', '--', ...command] : command;
}

/**
 * The same for a command whose children are to die, too. The kernel tells one process only: a shell, which has to lead
 * the process group (`detached`) and then ends all of it.
 */
export function groupDyingWithUs(command: Command): Command {
  if (!canWrap(command)) return command;
  return ['setpriv', '--pdeathsig', 'TERM', '--', '/bin/sh', '-c', LEADER, 'sh', ...command];
}

const LEADER = `trap 'kill -KILL 0' TERM; "$@" & wait $!`;

let hasSetpriv: boolean | undefined;

/** What cannot be started is left as it is, so that whoever tries can tell why. */
function canWrap([file]: Command): boolean {
  hasSetpriv ??= onPath('setpriv');
  return hasSetpriv && (file.includes('/') ? isExecutable(file) : onPath(file));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function onPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}
