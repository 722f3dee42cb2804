import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { BuildError, ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { remedyFor, runPersistently } from '../tools/persistently.ts';
import type { BuildContext } from './recipe.ts';
import { listFiles, type SourceFile } from './source-tree.ts';

/** The part that we read of `cargo metadata --format-version 1`. */
export interface CargoMetadata {
  readonly workspace_root: string;
  readonly packages: readonly CargoPackage[];
}

interface CargoPackage {
  readonly name: string;
  readonly version: string;
  /** null for a package that lies in a folder of ours. */
  readonly source: string | null;
  readonly manifest_path: string;
  readonly targets: readonly { readonly name: string; readonly kind: readonly string[] }[];
  readonly dependencies: readonly { readonly name: string; readonly kind: string | null }[];
}

/** Downloads all crates. Throws BuildError with cargo's own words, e.g. when Cargo.lock is missing or does not fit. */
export async function readMetadata(
  { name, source }: Variant,
  { signal, say, retryAfterMs }: BuildContext,
): Promise<CargoMetadata> {
  const args = ['metadata', '--format-version=1', '--locked', '--manifest-path', join(source, 'Cargo.toml')];
  const { ok, stdout, output } = await runPersistently('cargo', args, {
    cwd: source,
    signal,
    say,
    retryAfterMs,
  });
  if (ok) return JSON.parse(stdout) as CargoMetadata;
  throw new BuildError(
    `The crate of variant ${name} cannot be read; cargo says:\n\n${output.trim()}\n`,
    remedyFor(
      output,
      `Correct ${source}; a Cargo.lock that fits must be committed (cargo generate-lockfile).`,
    ),
  );
}

/** The crate in the variant's own folder. Throws ConfigError when the folder is a workspace without one. */
export function crateOf({ name, source }: Variant, metadata: CargoMetadata): CargoPackage {
  const manifest = join(realpathSync(source), 'Cargo.toml');
  const crate = metadata.packages.find((candidate) => realpathSync(candidate.manifest_path) === manifest);
  if (crate !== undefined) return crate;
  throw new ConfigError(
    `The source of variant ${name} is a workspace, not a crate: ${source}.`,
    'Give the folder of the crate that has the binary.',
  );
}

/** The binary to deploy: the only one, or the one that the handler names. Throws ConfigError. */
export function binaryOf({ name, handler }: Variant, crate: CargoPackage): string {
  const binaries = crate.targets.filter(({ kind }) => kind.includes('bin')).map((target) => target.name);
  const binary = binaries.length === 1 ? binaries[0] : binaries.find((candidate) => candidate === handler);
  if (binary !== undefined) return binary;
  const has = binaries.length === 0 ? 'no binary' : `the binaries ${binaries.join(', ')}`;
  throw new ConfigError(
    `The crate of variant ${name} has ${has}, and its handler is ${handler}.`,
    'Add a binary, or give the name of one as handler.',
  );
}

/** Direct dependencies of the crate, and of the crates in folders of ours that it is made of, as locked. */
export function librariesOf(crate: CargoPackage, metadata: CargoMetadata): Record<string, string> {
  const needed = crate.dependencies.filter(({ kind }) => kind === null).map(({ name }) => name);
  const locked = metadata.packages.filter(({ name }) => needed.includes(name));
  const libraries = locked.map(({ name, version, source }) => (source === null ? [] : [[name, version]]));
  const own = locked.filter(({ source }) => source === null).map((each) => librariesOf(each, metadata));
  return Object.assign({}, ...own, Object.fromEntries(libraries.flat()));
}

const WORKSPACE_FILES = [
  'Cargo.toml',
  'Cargo.lock',
  'rust-toolchain',
  'rust-toolchain.toml',
  '.cargo/config.toml',
];

/** The sources of every crate that is not from a registry, path dependencies included, and what steers cargo. */
export async function sourcesOf({ workspace_root, packages }: CargoMetadata): Promise<SourceFile[]> {
  const folders = packages
    .filter(({ source }) => source === null)
    .map((crate) => dirname(crate.manifest_path));
  const listed = (await Promise.all(folders.map((folder) => listFiles(folder)))).flat();
  const steering = WORKSPACE_FILES.map((name) => join(workspace_root, name)).filter(existsSync);
  const absolute = new Map(listed.map((file) => [file.absolute, file]));
  for (const path of steering) absolute.set(path, { path, absolute: path, executable: false });
  const named = [...absolute.values()].map((file) => ({
    ...file,
    path: relative(workspace_root, file.absolute).replaceAll(sep, '/'),
  }));
  return named.sort((a, b) => (a.path < b.path ? -1 : 1));
}
