import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import pRetry from 'p-retry';
import { ToolError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { isNetworkFault } from './network-fault.ts';
import type { Command, Tool } from './tool.ts';
import { works } from './works.ts';

export interface ToolOptions {
  /** Tools are kept in `<cacheDir>/tools/<name>-<version>/`. */
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Before a command is tried again that the network failed, ms; 2,000 unless a test is in a hurry. */
  readonly retryAfterMs?: number;
}

const progressEveryMs = 20_000;
const linesShown = 12;
const retries = 2;

export function folderOf({ name, version }: Tool, cacheDir: string): string {
  return join(cacheDir, 'tools', `${name}-${version}`);
}

/**
 * Installs into a folder beside the final one and renames it when the program has shown that it works, so a broken
 * or interrupted installation leaves nothing that looks whole.
 */
export async function install(tool: Tool, options: ToolOptions): Promise<void> {
  const { progress } = options;
  const folder = folderOf(tool, options.cacheDir);
  const staging = `${folder}.${process.pid}.partial`;
  const started = performance.now();
  progress.line('tools', `${tool.name} ${tool.version}: installing (once, ${tool.takes})`);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await sweep(folder);
    for (const command of tool.install(staging)) await persistently(tool, command, options);
    await expectWorking(tool, join(staging, tool.binary));
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    await expectWorking(tool, join(folder, tool.binary));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  progress.line('tools', `${tool.name} ${tool.version}: installed in ${seconds} s`);
}

/** Removes what an installation that was killed outright has left. */
async function sweep(folder: string): Promise<void> {
  const left = (await readdir(dirname(folder))).filter((name) => {
    const [, owner] = /\.(\d+)\.partial$/.exec(name) ?? [];
    return name.startsWith(`${basename(folder)}.`) && owner !== undefined && !isAlive(Number(owner));
  });
  await Promise.all(left.map((name) => rm(join(dirname(folder), name), { recursive: true, force: true })));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Runs it again when the network failed it; package managers go on with what they have downloaded. */
function persistently(tool: Tool, command: Command, options: ToolOptions): Promise<void> {
  const { progress, signal, retryAfterMs = 2000 } = options;
  return pRetry(() => run(tool, command, options), {
    retries,
    minTimeout: retryAfterMs,
    factor: 4,
    ...(signal !== undefined && { signal }),
    shouldRetry: ({ error, retriesLeft }) => {
      const again = retriesLeft > 0 && error instanceof ToolError && isNetworkFault(error.message);
      if (again) progress.line('tools', `${tool.name}: the network failed; trying again`);
      return again;
    },
  });
}

async function run(tool: Tool, command: Command, options: ToolOptions): Promise<void> {
  const [file, ...args] = command.argv as [string, ...string[]];
  options.signal?.throwIfAborted();
  // A process group of its own: compilers that the package manager started end with it.
  const child = execa(file, args, {
    env: command.env ?? {},
    all: true,
    reject: false,
    detached: true,
    stdin: 'ignore',
  });
  const stop = () => endGroup(child.pid);
  options.signal?.addEventListener('abort', stop, { once: true });
  process.once('exit', stop);
  let last = '';
  child.all?.on('data', (text: Buffer) => {
    last = text.toString().trim().split('\n').at(-1) ?? last;
  });
  const heartbeat = setInterval(
    () => options.progress.line('tools', `${tool.name}: ${last}`),
    progressEveryMs,
  );
  const result = await child;
  clearInterval(heartbeat);
  process.off('exit', stop);
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  if (result.exitCode !== 0) throw failure(tool, command, result.all || result.shortMessage || '');
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

async function expectWorking(tool: Tool, binary: string): Promise<void> {
  if (await works(tool, binary)) return;
  throw new ToolError(
    `${tool.name} ${tool.version} was installed, but \`${tool.verify(binary).join(' ')}\` does not say \`${tool.expect.trim()}\`.`,
    'Run the command by hand to see why; a proxy or mirror may have given another version.',
  );
}

function failure(tool: Tool, command: Command, output: string): ToolError {
  const words = output.trim().split('\n').slice(-linesShown).join('\n');
  return new ToolError(
    `${tool.name} ${tool.version} could not be installed: \`${command.argv.join(' ')}\` failed.\n${words}`,
    'Check that the package registry can be reached (network, proxy, mirror settings of the package manager), then run again.',
  );
}
