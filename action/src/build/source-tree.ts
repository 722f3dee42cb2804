import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SourceFile {
  /** Relative to the folder that was listed, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly executable: boolean;
}

/** Compiler output, caches and hidden folders: never part of a source. */
const SKIPPED_FOLDER = /^(target|__pycache__|node_modules|\..*)$/;

/** Every file below the folder, links followed, in an order that does not depend on the machine. */
export async function listFiles(folder: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  await collect(folder, '', files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function collect(folder: string, prefix: string, files: SourceFile[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const absolute = join(folder, name);
    const info = await stat(absolute);
    if (info.isFile()) files.push({ path: prefix + name, absolute, executable: (info.mode & 0o100) !== 0 });
    if (info.isDirectory() && !SKIPPED_FOLDER.test(name)) await collect(absolute, `${prefix}${name}/`, files);
  }
}
