import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { ToolError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { Command, Tool } from './tool.ts';
import { works } from './works.ts';

export interface ToolOptions {
  /** Tools are kept in `<cacheDir>/tools/<name>-<version>/`. */
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

const progressEveryMs = 20_000;
const linesShown = 12;

/**
 * Installs into a folder beside the final one and renames it when the program has shown that it works, so a broken
 * or interrupted installation leaves nothing that looks whole.
 */
export async function install(tool: Tool, folder: string, options: ToolOptions): Promise<void> {
  const { progress } = options;
  const staging = `${folder}.${process.pid}.partial`;
  const started = performance.now();
  progress.line('tools', `${tool.name} ${tool.version}: installing (once, ${tool.takes})`);
  try {
    await mkdir(dirname(folder), { recursive: true });
    for (const command of tool.install(staging)) await run(tool, command, options);
    await expectWorking(tool, join(staging, tool.binary));
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    await expectWorking(tool, join(folder, tool.binary));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  progress.line(
    'tools',
    `${tool.name} ${tool.version}: installed in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
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
