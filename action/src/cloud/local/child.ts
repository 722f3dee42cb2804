import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { dyingWithUs } from '../../death-signal.ts';

export interface Launch {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Shell commands that run inside the new process before it becomes `argv`; '' for none. */
  readonly enter?: string;
  /** Command that wraps all of it, e.g. `systemd-run ...`. */
  readonly wrapper?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Kept of what a child printed: enough to say why it died. */
const lastWordsBytes = 4096;
const lastWordsMs = 200;
/** From its end until its pipes are closed; longer than its last words are waited for. */
const lettingGoMs = 300;

/** Everything that must not outlive this process, by process group. */
const groups = new Set<number>();
process.on('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});

/** A child in a process group of its own, so that it can be ended with all that it started. */
export class Child {
  readonly exited: Promise<Exit>;
  /** The process is what was asked for now, no longer the launcher; null when it never came that far. */
  readonly started: Promise<{ readonly pid: number; readonly at: number } | null>;
  readonly #process: ChildProcess;
  /** Differs from the child's own id when a wrapper forks (sudo). */
  #startedPid = 0;
  #words = '';
  #exit: Exit | null = null;

  constructor(launch: Launch) {
    const spawnedAt = performance.now();
    this.#process = spawn(...commandLine(launch));
    const pid = this.#process.pid;
    if (pid !== undefined) groups.add(pid);
    // Where the system has no more file descriptors there are no pipes either, only an error to come.
    const [, stdout, stderr, launcher] = this.#process.stdio ?? [];
    for (const output of [stdout, stderr]) if (output) this.#listen(output as Readable);
    this.started = launcher ? firstLine(launcher as Readable, spawnedAt) : Promise.resolve(null);
    this.started.then((started) => {
      this.#startedPid = started?.pid ?? 0;
    });
    this.exited = new Promise((resolve) => {
      this.#process.once('error', (error) => this.#hear(`${error.message}\n`));
      this.#process.once('error', () => resolve(this.#ended({ code: null, signal: null })));
      this.#process.once('exit', (code, signal) => resolve(this.#ended({ code, signal })));
    });
  }

  get pid(): number | null {
    return this.#process.pid ?? null;
  }

  get exit(): Exit | null {
    return this.#exit;
  }

  /** The last lines of stdout and stderr, once the child is gone and its pipes are read, or somebody else holds them. */
  async lastWords(): Promise<string> {
    await this.exited;
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lastWordsMs))]);
    return this.#words.trim();
  }

  kill(signal: NodeJS.Signals): void {
    const pid = this.#process.pid;
    if (this.#exit !== null || pid === undefined) return;
    signalGroup(pid, signal);
    if (this.#startedPid !== 0 && this.#startedPid !== pid) send(this.#startedPid, signal);
  }

  /** Ends it: at once, or by SIGTERM with some time to comply. */
  async end(graceMs = 0): Promise<void> {
    if (graceMs > 0) {
      this.kill('SIGTERM');
      const timer = setTimeout(() => this.kill('SIGKILL'), graceMs);
      await this.exited;
      clearTimeout(timer);
    }
    this.kill('SIGKILL');
    await this.exited;
  }

  #listen(output: Readable): void {
    output.setEncoding('utf8');
    output.on('data', (text: string) => this.#hear(text));
  }

  #hear(text: string): void {
    this.#words = (this.#words + text).slice(-lastWordsBytes);
  }

  #ended(exit: Exit): Exit {
    this.#exit = exit;
    const group = this.#process.pid;
    if (group !== undefined) {
      signalGroup(group, 'SIGKILL'); // what it started and left behind
      groups.delete(group);
    }
    setTimeout(() => this.#letGo(), lettingGoMs).unref();
    return exit;
  }

  /** What left for a session of its own has our pipes still, and would keep us alive as long as it lives. */
  #letGo(): void {
    for (const stream of this.#process.stdio ?? []) stream?.destroy();
  }
}

/**
 * The launcher: a shell that dies with us, enters the limits, says its process id and the time on fd 3, and becomes the
 * program. The time is its own, because we may be busy when we could read it: several starts at once made inits look
 * milliseconds shorter.
 */
function commandLine(launch: Launch) {
  const script = `${launch.enter ?? ''}\necho $$ $(date +%s%N) >&3\nexec 3>&-\nexec "$@"`;
  const shell = dyingWithUs(['/bin/sh', '-c', script, 'sh', ...launch.argv]);
  const argv = [...(launch.wrapper ?? []), ...shell];
  const options = {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'] as ('ignore' | 'pipe')[],
  };
  return [argv[0] as string, argv.slice(1), options] as const;
}

function firstLine(stream: Readable, spawnedAt: number): Promise<{ pid: number; at: number } | null> {
  return new Promise((resolve) => {
    stream.once('data', (line: Buffer) => resolve(startOf(line.toString(), spawnedAt)));
    stream.once('close', () => resolve(null));
    stream.once('error', () => resolve(null));
  });
}

/**
 * `at` by performance.now(), between spawning and now whatever is done to the clock meanwhile; where `date` knows no
 * nanoseconds, as on macOS, the time of reading.
 */
function startOf(line: string, spawnedAt: number): { pid: number; at: number } {
  const [pid, nanoseconds = ''] = line.trim().split(' ');
  const now = performance.now();
  if (!/^\d{19}$/.test(nanoseconds)) return { pid: Number(pid), at: now };
  const agoMs = Date.now() - Number(nanoseconds) / 1e6;
  return { pid: Number(pid), at: Math.max(spawnedAt, now - Math.max(0, agoMs)) };
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  send(-group, signal);
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
