import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toolchainEnvironment } from '../test/toolchain-environment.ts';
import type { Ground } from './fault.ts';
import { cpuGroupOf, send } from './processes.ts';
import type { Sandbox } from './sandbox.ts';

const SUBJECT = fileURLToPath(new URL('./subject.ts', import.meta.url));
const LOADER = ['--import', import.meta.resolve('tsx/esm')];
const POLL_MS = 5;
/** For its last words, once it has ended: a child that it left may hold the pipe open. */
const LAST_WORDS_MS = 300;

export interface SubjectOptions {
  readonly sandbox: Sandbox;
  readonly ground: Ground;
  readonly env: Readonly<Record<string, string>>;
}

/** A run under way, as a terminal sees it; in a process group of its own, as in a terminal. */
export class Subject {
  readonly pid: number;
  /** Its place in the v1 `cpu` controller, where its groups are made. */
  readonly cpuGroup: string | null;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  #exit: number | NodeJS.Signals | null = null;
  #stderr = '';

  constructor(argv: readonly string[], { sandbox, ground, env }: SubjectOptions) {
    this.#child = spawn(process.execPath, [...LOADER, SUBJECT, sandbox.folder, ...argv], {
      ...{ cwd: sandbox.folder, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
      env: {
        ...{ ...toolchainEnvironment(), TMPDIR: sandbox.temporary, NO_COLOR: '1' },
        ...(ground.clockStepMs !== undefined && { CLOCK_STEP_MS: String(ground.clockStepMs) }),
        ...env,
      },
    });
    this.pid = this.#child.pid ?? 0;
    this.cpuGroup = cpuGroupOf(this.pid);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    this.ended = this.#end();
  }

  async #end(): Promise<number | NodeJS.Signals> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    const exit = await new Promise<number | NodeJS.Signals>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    });
    await Promise.race([closed, sleep(LAST_WORDS_MS)]);
    this.#exit = exit;
    return exit;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when its progress has a line like it. */
  said(line: RegExp): Promise<void> {
    return this.until(() => line.test(this.#stderr), `it said ${line}`);
  }

  wrote(file: string): Promise<void> {
    return this.until(() => existsSync(file), `it wrote ${file}`);
  }

  /** @throws when it ends before */
  async until(happened: () => boolean, what: string): Promise<void> {
    while (!happened()) {
      if (this.#exit !== null) throw new Error(`The run ended before ${what}.`);
      await sleep(POLL_MS);
    }
  }

  /** @param group as a terminal's Ctrl-C does: everything in its process group. */
  kill(signal: NodeJS.Signals, group = false): void {
    if (this.#exit === null) send(group ? -this.pid : this.pid, signal);
  }
}

export function startBench(options: SubjectOptions): Subject {
  const { sandbox, ground } = options;
  const argv = ['--profile', 'smoke', '--seed', '1', '--out', sandbox.out];
  return new Subject([...argv, ...(ground.aws ? ['--target', 'aws'] : [])], options);
}
