import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { BuildError, ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { binaryOf, crateOf, librariesOf, readMetadata, sourcesOf } from './cargo-metadata.ts';
import { runChild, versionOf } from './child.ts';
import { unzip, unzippedBytes, zipDeterministically } from './deterministic-zip.ts';
import type { Kitchen, Package, Prepare, Recipe } from './recipe.ts';
import { requireFolder } from './source-folder.ts';

/**
 * Rust: `cargo lambda build`, which links with zig against an old glibc and adds `-C target-cpu=haswell` on x86_64.
 * All variants share one target folder, so that head and base compile their common dependencies once.
 */
export const prepareCargoLambda: Prepare = async (variant, kitchen) => {
  requireFolder(variant);
  requireManifest(variant);
  const metadata = await readMetadata(variant, kitchen.signal);
  const crate = crateOf(variant, metadata);
  const binary = binaryOf(variant, crate);
  const flags = cargoFlags(binary, kitchen);
  return {
    files: await sourcesOf(metadata),
    flags,
    tools: await toolVersions(variant, kitchen),
    make: async (folder) => {
      await inTurn(() => compile(variant, flags, folder, kitchen));
      return repack(join(folder, binary, 'bootstrap.zip'), librariesOf(crate, metadata));
    },
  } satisfies Recipe;
};

/** The shared target folder holds one binary of a name at a time; cargo itself uses every core. */
const inTurn = pLimit(1);

function requireManifest({ name, source }: Variant): void {
  if (existsSync(join(source, 'Cargo.toml'))) return;
  throw new ConfigError(
    `The source of variant ${name} has no Cargo.toml: ${source}.`,
    'Give the folder of a crate, or another build kind.',
  );
}

function cargoFlags(binary: string, { platform }: Kitchen): string[] {
  const target = platform.architecture === 'arm64' ? '--arm64' : '--x86-64';
  return ['--release', '--locked', '--output-format=zip', target, `--bin=${binary}`];
}

async function toolVersions(variant: Variant, kitchen: Kitchen): Promise<Record<string, string>> {
  // In the source folder, where a rust-toolchain file counts.
  const options = { cwd: variant.source, signal: kitchen.signal };
  const [rustc, cargoLambda] = await Promise.all([
    versionOf('rustc', ['--version'], options),
    versionOf(cargoLambdaOf(kitchen), ['lambda', '--version'], options),
  ]);
  return { rustc, 'cargo-lambda': cargoLambda };
}

async function compile(
  variant: Variant,
  flags: readonly string[],
  folder: string,
  kitchen: Kitchen,
): Promise<void> {
  kitchen.say(`cargo lambda build ${flags.join(' ')}`);
  const args = ['lambda', 'build', ...flags, '--lambda-dir', folder];
  const { ok, output } = await runChild(cargoLambdaOf(kitchen), args, {
    cwd: variant.source,
    env: environment(kitchen),
    signal: kitchen.signal,
    onText: compiling(kitchen.say),
  });
  if (ok) return;
  throw new BuildError(
    `The crate of variant ${variant.name} does not build; cargo says:\n\n${withoutProgress(output)}\n`,
    `Correct the source in ${variant.source}; \`cargo check\` there shows the same.`,
  );
}

/** cargo-lambda's own folder on PATH holds its zig; flags from outside would change the artefact unseen. */
function environment(kitchen: Kitchen): Record<string, string | undefined> {
  return {
    PATH: [dirname(cargoLambdaOf(kitchen)), process.env.PATH].join(delimiter),
    CARGO_TARGET_DIR: join(kitchen.cacheDir, 'build', 'cargo'),
    CARGO_TERM_COLOR: 'never',
    RUSTFLAGS: undefined,
    CARGO_ENCODED_RUSTFLAGS: undefined,
  };
}

function cargoLambdaOf({ tools }: Kitchen): string {
  const path = tools['cargo-lambda'];
  if (path !== undefined) return path;
  throw new BuildError('cargo-lambda was not found.', 'Install it: pip install cargo-lambda.');
}

const COMPILING = /^ +(?:Compiling|Downloaded) .*$/gm;
const SAY_EVERY_MS = 10_000;

/** Tells now and then how far the compiler is. */
function compiling(say: (message: string) => void): (text: string) => void {
  let crates = 0;
  let saidMs = performance.now();
  return (text) => {
    const lines = text.match(COMPILING) ?? [];
    crates += lines.length;
    if (lines.length === 0 || performance.now() - saidMs < SAY_EVERY_MS) return;
    saidMs = performance.now();
    say(`${lines.at(-1)!.trim()} (crate ${crates})`);
  };
}

function withoutProgress(output: string): string {
  return output
    .replaceAll(COMPILING, '')
    .replaceAll(/\n{2,}/g, '\n\n')
    .trim();
}

/** cargo-lambda dates its zip's entries by the clock. */
async function repack(path: string, libraries: Record<string, string>): Promise<Package> {
  const files = Object.entries(unzip(await readFile(path)));
  const entries = files.map(([path, data]) => ({ path, data, executable: path === 'bootstrap' }));
  return { zip: zipDeterministically(entries), unzippedBytes: unzippedBytes(entries), libraries };
}
