import { writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { groupDyingWithUs } from '../death-signal.ts';
import { ToolError } from '../errors.ts';
import { WITHOUT_COMMAND_FILES } from './command-files.ts';

export interface ChildOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  /** On top of this process's own environment, without the runner's command files; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Leaves the processors to whoever else wants them, and so do its children. */
  readonly background?: boolean;
  /** Takes standard output and standard error as they come. */
  readonly onText?: (text: string) => void;
}

export interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
  /** Standard output and standard error, interleaved. */
  readonly output: string;
}

/** Niceness, and that of a session. */
const LOWEST = '19';

/**
 * Runs a compiler or package manager in a process group of its own, because what compiles are grandchildren: cargo
 * outlives a killed cargo-lambda. Aborting ends the group; so does the end of this process, however it comes.
 *
 * @throws the signal's reason when aborted; ToolError when the program cannot be started
 */
export async function runChild(
  file: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<Outcome> {
  const { signal, cwd, env, background = false, onText } = options;
  signal.throwIfAborted();
  const [program, ...words] = groupDyingWithUs(
    background ? ['nice', '-n', LOWEST, file, ...args] : [file, ...args],
  );
  const child = execa(program, words, {
    ...(cwd !== undefined && { cwd }),
    env: { ...WITHOUT_COMMAND_FILES, ...env },
    all: true,
    reject: false,
    detached: true,
    stdin: 'ignore',
  });
  if (background && child.pid !== undefined) giveWay(child.pid);
  const end = () => endGroup(child.pid);
  signal.addEventListener('abort', end, { once: true });
  process.once('exit', end);
  child.all.on('data', (chunk: Buffer) => onText?.(chunk.toString()));
  const result = await child;
  process.off('exit', end);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (child.pid === undefined) throw notStarted(file, result);
  return { ok: result.exitCode === 0, stdout: result.stdout, output: result.all };
}

/** First version number in what the program says of itself. */
export async function versionOf(
  file: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<string> {
  const { stdout } = await runChild(file, args, options);
  return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? 'unknown';
}

/**
 * Linux shares its processors out by session where it has autogroups, and each child here leads one: niceness counts
 * within a session only, and a session has a niceness of its own (sched(7)).
 */
function giveWay(session: number): void {
  try {
    writeFileSync(`/proc/${session}/autogroup`, LOWEST);
  } catch {
    // it ended by itself, or there are no autogroups here
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

function notStarted(file: string, cause: unknown): ToolError {
  return new ToolError(`${file} cannot be started.`, 'Check that it is installed and on PATH.', { cause });
}
