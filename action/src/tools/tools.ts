import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../model.ts';
import { catalogue, type ToolName } from './catalogue.ts';
import { install, type ToolOptions } from './install.ts';
import type { Tool } from './tool.ts';
import { requireToolchains } from './toolchains.ts';
import { onPath, works } from './works.ts';

export type { ToolName } from './catalogue.ts';
export type { ToolOptions } from './install.ts';

/** Absolute path of each tool's binary (of `awslambdaric`: of the Python that has it), or its name when it is on PATH. */
export type Tools = { readonly [name in ToolName]?: string };

/** The tools that a run of this config needs; AWS brings its own storage and runtimes. */
export function toolsFor(config: Pick<Config, 'variants'>, target: 'local' | 'aws' = 'local'): ToolName[] {
  const names = new Set<ToolName>(target === 'aws' ? ['k6'] : ['k6', 'gofakes3', 'dynoxide']);
  for (const { build, runtime } of config.variants) {
    if (build === 'cargo-lambda') names.add('cargo-lambda');
    if (target === 'local' && runtime.startsWith('python')) names.add('awslambdaric');
  }
  return [...names];
}

/**
 * Finds each tool at its pinned version on PATH or in the cache, or installs it there: once, side by side.
 *
 * @throws ToolError when toolchains are missing (all at once) or a tool can't be installed; the signal's reason
 * when aborted
 */
export async function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: ToolOptions,
): Promise<Readonly<Record<Name, string>>> {
  const paths = await ensure(
    names.map((name) => catalogue[name]),
    options,
  );
  return Object.fromEntries(paths) as Record<Name, string>;
}

/** @returns pairs of name and path */
export async function ensure(tools: readonly Tool[], options: ToolOptions): Promise<[string, string][]> {
  await requireToolchains(['node', ...tools.flatMap((tool) => tool.toolchains)]);
  const outcomes = await Promise.allSettled(tools.map((tool) => findOrInstall(tool, options)));
  options.signal?.throwIfAborted();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.flatMap((outcome, index) =>
    outcome.status === 'fulfilled' ? [[tools[index]?.name as string, outcome.value]] : [],
  );
}

async function findOrInstall(tool: Tool, options: ToolOptions): Promise<string> {
  const folder = join(options.cacheDir, 'tools', `${tool.name}-${tool.version}`);
  const binary = join(folder, tool.binary);
  if (existsSync(binary) && (await works(tool, binary))) return binary;
  if (tool.command !== null && (await works(tool, tool.command))) return onPath(tool.command);
  await install(tool, folder, options);
  return binary;
}
