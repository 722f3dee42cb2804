import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ZodType } from 'zod';
import { ArchitectureSchema, MemorySchema, TimeoutSchema } from '../../config/schema.ts';
import type { BuildKind } from '../../model.ts';
import type { Findings, Found } from './found.ts';

/** A function as a template declares it; undefined is what the template does not say in plain words. */
export interface Declaration {
  readonly id: string;
  /** The template, relative to the repository; `source` is relative to its folder. */
  readonly file: string;
  readonly source: unknown;
  readonly image: boolean;
  readonly handler: unknown;
  readonly runtime: unknown;
  readonly architecture: unknown;
  readonly memory: unknown;
  readonly timeout: unknown;
  readonly environment: Readonly<Record<string, unknown>>;
}

/** The function, or a hint that says why it is left out. */
export function taken(root: string, declaration: Declaration): Findings {
  const { id, file, source, image, handler, runtime } = declaration;
  const leftOut = (as: string, why: string): Findings => ({
    functions: [],
    hints: [`Left out: ${posix.dirname(file) === '.' ? id : `${file}: ${id}`}${as}: ${why}`],
  });
  if (image) return leftOut(' (a container image)', 'only zip packages are measured.');
  if (typeof runtime !== 'string') return leftOut('', notPlain('runtime'));
  if (typeof source !== 'string') return leftOut(` (${runtime})`, notPlain('source folder'));
  const folder = folderOf(file, source);
  if (folder === null || !isFolder(join(root, folder)))
    return leftOut(` (${runtime})`, `its source, ${source}, is no folder of this repository.`);
  const build = kindOf(runtime, root, folder);
  if (build === null) return leftOut(` (${runtime})`, `${noKind(runtime)}; zip or command can.`);
  const binary = runtime.startsWith('provided');
  if (!binary && typeof handler !== 'string') return leftOut(` (${runtime})`, notPlain('handler'));
  const found = {
    source: folder,
    build,
    runtime,
    handler: typeof handler === 'string' ? handler : 'bootstrap',
  };
  return { functions: [{ ...named(declaration), ...found, ...settings(declaration) }], hints: [] };
}

const notPlain = (what: string) => `its ${what} is not given in plain words; add the variant by hand.`;

const named = ({ id, file }: Declaration) => ({
  name: id.replace(/Function$/, '') || id,
  seenIn: `${file}: ${id}`,
});

/** Whether a config may say so. */
const is = <T>(schema: ZodType<T>, value: unknown): value is T => schema.safeParse(value).success;

type Settings = Pick<Found, 'architecture' | 'memory' | 'timeout' | 'environment'>;

function settings({ architecture, memory, timeout, ...rest }: Declaration): Settings {
  const environment = Object.entries(rest.environment).filter(([, value]) => typeof value !== 'object');
  return {
    ...(is(ArchitectureSchema, architecture) && { architecture }),
    ...(is(MemorySchema, memory) && { memory }),
    ...(is(TimeoutSchema, timeout) && { timeout }),
    ...(environment.length > 0 && {
      environment: Object.fromEntries(environment.map(([key, value]) => [key, `${value}`])),
    }),
  };
}

/** Relative to the repository; null for a folder outside of it. */
function folderOf(file: string, source: string): string | null {
  if (posix.isAbsolute(source)) return null;
  const folder = posix.join(posix.dirname(file), source).replace(/\/+$/, '');
  return folder.split('/').includes('..') ? null : folder;
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** null for what none of the build kinds makes. */
function kindOf(runtime: string, root: string, folder: string): BuildKind | null {
  if (runtime.startsWith('python')) return 'python';
  if (runtime.startsWith('nodejs')) return 'node';
  if (!runtime.startsWith('provided')) return null;
  if (existsSync(join(root, folder, 'Cargo.toml'))) return 'cargo-lambda';
  return isGoPackage(root, folder) ? 'go' : null;
}

/** A module's own folder, or a folder with Go files below that of its module. */
function isGoPackage(root: string, folder: string): boolean {
  if (existsSync(join(root, folder, 'go.mod'))) return true;
  const files = readdirSync(join(root, folder)).some((name) => name.endsWith('.go'));
  return files && hasAbove(root, folder, 'go.mod');
}

function hasAbove(root: string, folder: string, name: string): boolean {
  if (existsSync(join(root, folder, name))) return true;
  return folder !== '.' && hasAbove(root, posix.dirname(folder), name);
}

function noKind(runtime: string): string {
  if (!runtime.startsWith('provided')) return 'no build kind makes it';
  return 'its folder has neither a Cargo.toml nor Go files of a module, and no other build kind makes it';
}
