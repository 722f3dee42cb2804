import { posix } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { readManifest } from './manifest.ts';
import type { SourceFile } from './source-tree.ts';

/** Where a bundle begins and what it becomes. */
export interface Entry {
  /** Relative to the source folder. */
  readonly file: string;
  /** Path in the package, where Lambda looks for the handler. */
  readonly output: string;
  readonly format: 'esm' | 'cjs';
}

const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * Lambda's own rule for a handler `folder/file.function`: the file's name ends at the first dot.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 *
 * @throws ConfigError when there is no such file
 */
export async function entryOf(
  { name, source, handler }: Variant,
  files: readonly SourceFile[],
): Promise<Entry> {
  const module = posix.join(posix.dirname(handler), posix.basename(handler).split('.')[0]!);
  const file = EXTENSIONS.map((extension) => module + extension).find((path) =>
    files.some((each) => each.path === path),
  );
  if (file === undefined) {
    throw new ConfigError(
      `The handler ${handler} of variant ${name} has no file: ${module}.js or .ts is not in ${source}.`,
      'Give handler as <file without extension>.<function>, or add the file.',
    );
  }
  const format = await formatOf(file, files);
  return { file, format, output: `${module}.${format === 'esm' ? 'mjs' : 'js'}` };
}

/** Node's own rule: the extension decides, else package.json. */
async function formatOf(file: string, files: readonly SourceFile[]): Promise<Entry['format']> {
  if (/\.m[jt]s$/.test(file)) return 'esm';
  if (/\.c[jt]s$/.test(file)) return 'cjs';
  const manifest = files.find(({ path }) => path === 'package.json');
  if (manifest === undefined) return 'cjs';
  return (await readManifest(manifest.absolute)).type === 'module' ? 'esm' : 'cjs';
}
