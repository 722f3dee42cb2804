import { isCached } from '../../build/build.ts';
import { awsLambda, thisMachine } from '../../build/platform.ts';
import { ConfigError, DuelError } from '../../errors.ts';
import type { Config } from '../../model.ts';
import { onPath } from '../../on-path.ts';
import { silent } from '../../progress.ts';
import { catalogue, type ToolName } from '../../tools/catalogue.ts';
import { find } from '../../tools/installation.ts';
import { type Inspection, inspect, type Toolchain, toolchains } from '../../tools/toolchains.ts';
import { type Check, missing, ok, warning } from './check.ts';

/** The toolchains that these tools are installed or verified with, and npm, which installs our own packages. */
export function checkToolchains(tools: readonly ToolName[]): Promise<Check[]> {
  const names = new Set(['node', 'npm', ...tools.flatMap((name) => catalogue[name].toolchains)]);
  return Promise.all([...names].map(async (name) => judged(await inspect(toolchains[name] as Toolchain))));
}

function judged({ toolchain: { name, minimum, get }, version, fault }: Inspection): Check {
  if (fault === null) return ok(name, version ?? '');
  const wanted = `${name} ${minimum.join('.')} or newer`;
  return missing(name, `${fault}; ${minimum.join('.')} or newer is needed`, `Install ${wanted}: ${get}.`);
}

export interface FoundTools {
  readonly checks: readonly Check[];
  /** Paths of those that are there. */
  readonly paths: Readonly<Partial<Record<ToolName, string>>>;
}

/** Whether each tool is there at its pinned version; one that is not is installed by the first run. */
export async function checkTools(names: readonly ToolName[], cacheDir: string): Promise<FoundTools> {
  const found = await Promise.all(
    names.map(async (name) => [name, await find(catalogue[name], cacheDir)] as const),
  );
  const checks = await Promise.all(
    found.map(async ([name, path]) =>
      path === null ? notInstalled(name) : ok(name, `${catalogue[name].version} (${path})`),
    ),
  );
  const there = found.flatMap(([name, path]) => (path === null ? [] : [[name, path] as const]));
  return { checks, paths: Object.fromEntries(there) };
}

async function notInstalled(name: ToolName): Promise<Check> {
  const { command, version, takes } = catalogue[name];
  const other = command === null ? null : onPath(command);
  const found =
    other === null ? `${version} is not installed yet` : `${other} is not ${version}, the pinned version`;
  return warning(name, found, `The next run installs it into .cache, ${takes}; it needs the network.`);
}

export interface PackageContext {
  readonly target: 'local' | 'aws';
  readonly cacheDir: string;
  readonly paths: FoundTools['paths'];
}

/** Whether each variant's package is built already. */
export function checkPackages(variants: Config['variants'], context: PackageContext): Promise<Check[]> {
  return Promise.all(variants.map((variant) => checkPackage(variant, context)));
}

async function checkPackage(
  variant: Config['variants'][number],
  { target, cacheDir, paths }: PackageContext,
): Promise<Check> {
  const name = `package ${variant.name}`;
  const platform = target === 'local' ? thisMachine : awsLambda;
  const { signal } = new AbortController();
  try {
    const cached = await isCached(variant, { platform, cacheDir, tools: paths, progress: silent, signal });
    if (cached) return ok(name, 'built already');
  } catch (error) {
    if (error instanceof ConfigError) return missing(name, error.message, error.remedy);
    // A tool or toolchain is not there yet, which its own line says.
    if (!(error instanceof DuelError)) throw error;
  }
  return warning(name, 'not built yet', 'The next run builds it.');
}
