import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ToolError } from '../errors.ts';
import { leftBehind } from '../left-behind.ts';
import type { Progress } from '../progress.ts';
import { CHECK_NETWORK, runPersistently } from './persistently.ts';
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

/** Its signal ends what the package manager has started, too. */
export interface InstallOptions extends ToolOptions {
  readonly signal: AbortSignal;
}

const progressEveryMs = 20_000;
const linesShown = 12;

export function folderOf({ name, version }: Tool, cacheDir: string): string {
  return join(cacheDir, 'tools', `${name}-${version}`);
}

/**
 * Installs into a folder beside the final one and renames it when the program has shown that it works, so a broken
 * or interrupted installation leaves nothing that looks whole.
 */
export async function install(tool: Tool, options: InstallOptions): Promise<void> {
  const { progress } = options;
  const folder = folderOf(tool, options.cacheDir);
  const staging = `${folder}.${process.pid}.partial`;
  const started = performance.now();
  progress.line('tools', `${tool.name} ${tool.version}: installing (once, ${tool.takes})`);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await sweep(dirname(folder));
    for (const command of tool.install(staging)) await run(tool, command, options);
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

/** Removes what installations that were killed outright have left. */
async function sweep(folder: string): Promise<void> {
  const left = await leftBehind(folder, /\.(\d+)\.partial$/);
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function run(tool: Tool, command: Command, options: InstallOptions): Promise<void> {
  const { progress, signal, retryAfterMs } = options;
  const [file, ...args] = command.argv as [string, ...string[]];
  const { env = {}, background = false } = command;
  let last = '';
  const onText = (text: string) => {
    last = text.trim().split('\n').at(-1) ?? last;
  };
  const say = (message: string) => progress.line('tools', `${tool.name}: ${message}`);
  const heartbeat = setInterval(() => say(last), progressEveryMs);
  try {
    const attempts = { env, background, signal, onText, say, retryAfterMs };
    const { ok, output } = await runPersistently(file, args, attempts);
    if (!ok) throw failure(tool, command, output);
  } finally {
    clearInterval(heartbeat);
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
  const said = words === '' ? 'It said nothing, like one that is killed for want of memory.' : words;
  return new ToolError(
    `${tool.name} ${tool.version} could not be installed: \`${command.argv.join(' ')}\` failed.\n${said}`,
    CHECK_NETWORK,
  );
}
