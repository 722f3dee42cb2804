import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { versionOf } from '../tools/child.ts';
import { binaryOf, crateOf, librariesOf, readMetadata, sourcesOf } from './cargo-metadata.ts';
import { runCargo, rustFlags, toolOf } from './cargo-run.ts';
import { unzip, unzippedBytes, zipDeterministically } from './deterministic-zip.ts';
import type { BuildContext, Package, Prepare, Recipe } from './recipe.ts';
import { requireFolder } from './source-folder.ts';

/**
 * Rust: `cargo lambda build`, linked by zig against an old glibc.
 */
export const prepareCargoLambda: Prepare = async (variant, context) => {
  requireFolder(variant);
  requireManifest(variant);
  const metadata = await readMetadata(variant, context);
  const crate = crateOf(variant, metadata);
  const binary = binaryOf(variant, crate);
  const flags = cargoFlags(binary, context);
  return {
    files: await sourcesOf(metadata),
    flags: [...flags, `RUSTFLAGS=${rustFlags(context)}`],
    tools: await toolVersions(variant, context),
    alone: true,
    make: async (folder) => {
      context.say(`cargo lambda build ${flags.join(' ')}`);
      const run = {
        file: toolOf('cargo-lambda', context),
        args: ['lambda', 'build', ...flags, '--lambda-dir', folder],
      };
      await runCargo(variant, run, context);
      return repack(join(folder, binary, 'bootstrap.zip'), librariesOf(crate, metadata));
    },
  } satisfies Recipe;
};

export function requireManifest({ name, source }: Variant): void {
  if (existsSync(join(source, 'Cargo.toml'))) return;
  throw new ConfigError(
    `The source of variant ${name} has no Cargo.toml: ${source}.`,
    'Give the folder of a crate, or another build kind.',
  );
}

function cargoFlags(binary: string, { platform }: BuildContext): string[] {
  const target = platform.architecture === 'arm64' ? '--arm64' : '--x86-64';
  return ['--release', '--locked', '--output-format=zip', target, `--bin=${binary}`];
}

async function toolVersions(variant: Variant, context: BuildContext): Promise<Record<string, string>> {
  // In the source folder, where a rust-toolchain file counts.
  const options = { cwd: variant.source, signal: context.signal };
  const [rustc, cargoLambda] = await Promise.all([
    versionOf('rustc', ['--version'], options),
    versionOf(toolOf('cargo-lambda', context), ['lambda', '--version'], options),
  ]);
  return { rustc, 'cargo-lambda': cargoLambda };
}

/** cargo-lambda dates its zip's entries by the clock. */
async function repack(path: string, libraries: Record<string, string>): Promise<Package> {
  const files = Object.entries(unzip(await readFile(path)));
  const entries = files.map(([path, data]) => ({ path, data, executable: path === 'bootstrap' }));
  return { zip: zipDeterministically(entries), unzippedBytes: unzippedBytes(entries), libraries };
}
