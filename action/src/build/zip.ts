import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BuildError, ConfigError } from '../errors.ts';
import { unzip } from './deterministic-zip.ts';
import type { Package, Prepare } from './recipe.ts';

/** A zip of the user's own: checked and used as it is. */
export const prepareZip: Prepare = async ({ name, source }) => {
  if (!existsSync(source) || !(await stat(source)).isFile()) {
    throw new ConfigError(
      `The package of variant ${name} is not a file: ${source}.`,
      'Give the path of a zip file as its source.',
    );
  }
  const files = [{ path: basename(source), absolute: source, executable: false }];
  return { files, flags: [], tools: {}, make: () => readZip(name, source) };
};

/** Throws BuildError when it is no zip. */
export async function readZip(variant: string, path: string): Promise<Package> {
  const zip = await readFile(path);
  try {
    const sizes = Object.values(unzip(zip)).map((data) => data.length);
    return { zip, unzippedBytes: sizes.reduce((sum, size) => sum + size, 0), libraries: {} };
  } catch (cause) {
    throw new BuildError(
      `The package of variant ${variant} is not a zip that can be used: ${path} (${(cause as Error).message}).`,
      'Make it again; `unzip -t` shows what is wrong with it.',
      { cause },
    );
  }
}
