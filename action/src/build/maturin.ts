import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { versionOf } from '../tools/child.ts';
import { requireManifest } from './cargo-lambda.ts';
import { crateOf, librariesOf, readMetadata, sourcesOf } from './cargo-metadata.ts';
import { runCargo, rustFlags, toolOf } from './cargo-run.ts';
import { assemble, install, NOT_PACKAGED, pipFlags, pythonVersions, requireHandler } from './python.ts';
import type { BuildContext, Prepare, Recipe } from './recipe.ts';
import { requireFolder } from './source-folder.ts';
import { listFiles } from './source-tree.ts';
import { rustTarget } from './zig.ts';

/**
 * Python with a module in Rust: the wheel that maturin makes of the crate, what the wheel depends on, and the `.py` files
 * of the folder. Linked with zig against glibc 2.17, for which every Python runtime of Lambda is new enough.
 */
export const prepareMaturin: Prepare = async (variant, context) => {
  requireFolder(variant);
  requireManifest(variant);
  requireHandler(variant);
  const metadata = await readMetadata(variant, context);
  const libraries = librariesOf(crateOf(variant, metadata), metadata);
  const python = (await listFiles(variant.source)).filter(
    ({ path }) => /\.py$/.test(path) && !NOT_PACKAGED.test(path),
  );
  const { triple } = rustTarget(context.platform.architecture);
  const flags = ['--release', '--locked', '--zig', '--compatibility=manylinux2014', `--target=${triple}`];
  return {
    files: [...(await sourcesOf(metadata)), ...python],
    flags: [...flags, `RUSTFLAGS=${rustFlags(context)}`],
    tools: { ...(await rustVersions(variant.source, context)), ...(await pythonVersions(context)) },
    alone: true,
    make: async (folder) => {
      context.say(`maturin build ${flags.join(' ')}`);
      const [wheels, site] = [join(folder, 'wheels'), join(folder, 'site')];
      const args = ['build', ...flags, '--out', wheels];
      const run = { file: toolOf('maturin', context), args };
      await runCargo(variant, run, context);
      const [wheel] = await readdir(wheels);
      await install(variant, [join(wheels, wheel!)], pipFlags(context.platform), site, context);
      const made = await assemble(python, site, null);
      return { ...made, libraries: { ...made.libraries, ...libraries } };
    },
  } satisfies Recipe;
};

async function rustVersions(source: string, context: BuildContext): Promise<Record<string, string>> {
  const options = { cwd: source, signal: context.signal };
  const [rustc, maturin] = await Promise.all([
    versionOf('rustc', ['--version'], options),
    versionOf(toolOf('maturin', context), ['--version'], options),
  ]);
  return { rustc, maturin };
}
