import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InterruptedError } from '../errors.ts';
import { onPath } from '../on-path.ts';
import { folderOf, type InstallOptions, install, type ToolOptions } from './install.ts';
import type { Tool } from './tool.ts';
import { requireToolchains } from './toolchains.ts';
import { works } from './works.ts';

/** Tools on their way, side by side; disposing of it ends what is still being installed. */
export interface Installation extends AsyncDisposable {
  /** Aborted by the caller's signal, and with its error when a tool cannot be installed. */
  readonly signal: AbortSignal;
  /**
   * Paths by name of all tools, or of those among `names`, as soon as they are there.
   *
   * @throws ToolError when one cannot be installed; the signal's reason when aborted
   */
  ready(names?: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Path of one tool. A rejection that nobody waits for is no fault: the signal tells of it. */
  path(name: string): Promise<string>;
}

/** @throws ToolError when toolchains are missing, all at once and before anything is installed */
export async function startInstalling(tools: readonly Tool[], options: ToolOptions): Promise<Installation> {
  await requireToolchains(['node', ...tools.flatMap(({ toolchains }) => toolchains)]);
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  setMaxListeners(0, signal); // one for each tool and build
  const paths = new Map(tools.map((tool) => [tool.name, findOrInstall(tool, { ...options, signal })]));
  for (const path of paths.values()) path.catch((error: unknown) => failure.abort(error));
  let pending = true;
  const ended = Promise.allSettled(paths.values()).finally(() => {
    pending = false;
  });
  return {
    signal,
    async ready(names) {
      const chosen = [...paths].filter(([name]) => names === undefined || names.includes(name));
      return Object.fromEntries(await Promise.all(chosen.map(async ([name, path]) => [name, await path])));
    },
    path: (name) => paths.get(name) as Promise<string>,
    async [Symbol.asyncDispose]() {
      if (pending)
        failure.abort(new InterruptedError('The run ended before its tools were there.', 'Run it again.'));
      await ended;
    },
  };
}

async function findOrInstall(tool: Tool, options: InstallOptions): Promise<string> {
  const found = await find(tool, options.cacheDir);
  if (found !== null) return found;
  await install(tool, options);
  return binaryIn(tool, options.cacheDir);
}

/** @returns where the tool is at its pinned version, in the cache or on PATH; null when it has to be installed */
export async function find(tool: Tool, cacheDir: string): Promise<string | null> {
  const binary = binaryIn(tool, cacheDir);
  if (existsSync(binary) && (await works(tool, binary))) return binary;
  if (tool.command !== null && (await works(tool, tool.command))) return onPath(tool.command);
  return null;
}

const binaryIn = (tool: Tool, cacheDir: string): string => join(folderOf(tool, cacheDir), tool.binary);
