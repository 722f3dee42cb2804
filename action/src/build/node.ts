import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BuildError, ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { runChild, versionOf } from '../tools/child.ts';
import { remedyFor, runPersistently } from '../tools/persistently.ts';
import { zipDeterministically } from './deterministic-zip.ts';
import { readManifest } from './manifest.ts';
import { type Entry, entryOf } from './node-entry.ts';
import type { BuildContext, Package, Prepare, Recipe } from './recipe.ts';
import { requireFolder } from './source-folder.ts';
import { listFiles, type SourceFile } from './source-tree.ts';

/** CommonJS packages in an ES module bundle look for `require`, which ES modules do not have. */
const REQUIRE =
  'import{createRequire as $createRequire}from"node:module";globalThis.require??=$createRequire(import.meta.url);';
const NPM = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Node: the handler's file with all that it imports, by esbuild, in the module system it is written in. Packages come
 * from the source folder's own package-lock.json, the AWS SDK included, so that the bundle is the same everywhere.
 */
export const prepareNode: Prepare = async (variant, context) => {
  requireFolder(variant);
  const files = await listFiles(variant.source);
  const entry = await entryOf(variant, files);
  const flags = esbuildFlags(entry, context);
  return {
    files,
    flags: [...flags, entry.output],
    tools: { esbuild: await esbuildVersion(context) },
    make: (folder) => bundle({ variant, files, entry, flags }, folder, context),
  } satisfies Recipe;
};

interface Job {
  readonly variant: Variant;
  readonly files: readonly SourceFile[];
  readonly entry: Entry;
  readonly flags: readonly string[];
}

function esbuildFlags({ format }: Entry, { platform }: BuildContext): string[] {
  const common = ['--bundle', '--minify', '--platform=node', `--target=node${platform.node}`];
  return [...common, `--format=${format}`, ...(format === 'esm' ? [`--banner:js=${REQUIRE}`] : [])];
}

/** In a copy, so that the packages installed for it are those of the lock file and no others. */
async function bundle(
  { variant, files, entry, flags }: Job,
  folder: string,
  context: BuildContext,
): Promise<Package> {
  const source = join(folder, 'source');
  await copyAll(files, source);
  await installPackages(variant, source, context);
  context.say(`esbuild bundles ${entry.file}`);
  const [output, metafile] = [join(folder, entry.output), join(folder, 'meta.json')];
  const args = [entry.file, ...flags, `--outfile=${output}`, `--metafile=${metafile}`, '--log-level=warning'];
  const options = { cwd: source, env: context.env, signal: context.signal };
  const outcome = await runChild(esbuildOf(context), args, options);
  if (!outcome.ok) throw unbundled(variant, `esbuild says:\n\n${outcome.output.trim()}\n`);
  const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as { inputs: Record<string, unknown> };
  const strangers = Object.keys(inputs).filter((path) => path.startsWith('..'));
  if (strangers.length > 0) throw unbundled(variant, `it imports from elsewhere: ${strangers[0]}.`);
  return packed(entry, output, source, Object.keys(inputs));
}

function unbundled({ name, source }: Variant, why: string): BuildError {
  return new BuildError(
    `The handler of variant ${name} cannot be bundled; ${why}`,
    `A package it imports must stand in package.json and package-lock.json of ${source}, and a file must lie there.`,
  );
}

async function copyAll(files: readonly SourceFile[], folder: string): Promise<void> {
  for (const { path, absolute } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(absolute, join(folder, path));
  }
}

async function installPackages(
  { name, source }: Variant,
  copy: string,
  context: BuildContext,
): Promise<void> {
  if (!existsSync(join(copy, 'package.json'))) return;
  const { dependencies } = await readManifest(join(copy, 'package.json'));
  if (Object.keys(dependencies).length === 0) return;
  if (!existsSync(join(copy, 'package-lock.json'))) {
    throw new ConfigError(
      `The packages of variant ${name} have no package-lock.json: ${source}.`,
      'Run `npm install` there and commit package-lock.json.',
    );
  }
  context.say('npm installs its packages');
  const { ok, output } = await runPersistently('npm', NPM, { ...context, cwd: copy });
  if (ok) return;
  throw new BuildError(
    `The packages of variant ${name} cannot be installed; npm says:\n\n${output.trim()}\n`,
    remedyFor(
      output,
      `Correct package.json and package-lock.json in ${source}; \`npm ci\` there shows the same.`,
    ),
  );
}

async function packed(
  entry: Entry,
  output: string,
  source: string,
  inputs: readonly string[],
): Promise<Package> {
  const data = await readFile(output);
  return {
    zip: zipDeterministically([{ path: entry.output, data, executable: false }]),
    unzippedBytes: data.length,
    libraries: await librariesIn(inputs, source),
  };
}

/** The packages that files of the bundle came from; of one that is there twice, the outermost. */
async function librariesIn(inputs: readonly string[], source: string): Promise<Record<string, string>> {
  const found = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const versions = [...new Set(found)].sort().map(async (name) => {
    const manifest = await readFile(join(source, 'node_modules', name, 'package.json'), 'utf8');
    return [name, String(JSON.parse(manifest).version)] as const;
  });
  return Object.fromEntries(await Promise.all(versions));
}

/** Whether it is there is asked by `esbuildOf`, when it is needed. */
async function esbuildVersion({ tools, signal }: BuildContext): Promise<string> {
  return tools.esbuild === undefined ? 'unknown' : versionOf(tools.esbuild, ['--version'], { signal });
}

function esbuildOf({ tools }: BuildContext): string {
  if (tools.esbuild !== undefined) return tools.esbuild;
  throw new BuildError('esbuild was not found.', 'Install it: npm install --global esbuild.');
}
