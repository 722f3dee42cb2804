import type { Config } from '../model.ts';
import { catalogue, type ToolName } from './catalogue.ts';
import type { ToolOptions } from './install.ts';
import { type Installation, startInstalling } from './installation.ts';
import type { Tool } from './tool.ts';

export type { ToolOptions } from './install.ts';

/** Absolute path of each tool's binary (of `awslambdaric`: of the Python that has it), or its name when it is on PATH. */
export type Tools = { readonly [name in ToolName]?: string };

/** The tools that a run of this config needs; AWS brings its own storage and runtimes. */
export function toolsFor(config: Pick<Config, 'variants'>, target: 'local' | 'aws'): ToolName[] {
  const names = new Set<ToolName>(target === 'aws' ? ['k6'] : ['k6', 'gofakes3', 'dynoxide']);
  for (const { build, runtime } of config.variants) {
    if (build === 'cargo-lambda' || build === 'maturin') names.add('cargo-lambda');
    if (build === 'maturin') names.add('maturin');
    if (build === 'node') names.add('esbuild');
    if (target === 'local' && runtime.startsWith('nodejs')) names.add('aws-lambda-ric');
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
  return (await ensure(toolsNamed(names), options)) as Record<Name, string>;
}

/** @returns paths by name */
export async function ensure(
  tools: readonly Tool[],
  options: ToolOptions,
): Promise<Readonly<Record<string, string>>> {
  await using installation = await startInstalling(tools, options);
  return await installation.ready();
}

/** As `ensureTools`, without waiting: work that needs some of them can begin while others are being installed. */
export function startTools(names: readonly ToolName[], options: ToolOptions): Promise<Installation> {
  return startInstalling(toolsNamed(names), options);
}

const toolsNamed = (names: readonly ToolName[]): Tool[] => names.map((name) => catalogue[name]);
