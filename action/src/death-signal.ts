import { isExecutable, onPath } from './on-path.ts';

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
  return ['setpriv', '--pdeathsig', 'TERM', '--', '/bin/sh', '-c', LEADER, `${process.pid}`, ...command];
}

/** Who was killed before it asked for the signal is no longer its parent. */
const LEADER = `[ $PPID = $0 ] || exit; trap 'kill -KILL 0' TERM; "$@" & wait $!`;

let hasSetpriv: boolean | undefined;

/** What cannot be started is left as it is, so that whoever tries can tell why. */
function canWrap([file]: Command): boolean {
  hasSetpriv ??= onPath('setpriv') !== null;
  return hasSetpriv && (file.includes('/') ? isExecutable(file) : onPath(file) !== null);
}
