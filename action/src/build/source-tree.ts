import type { Stats } from 'node:fs';
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

/** Bytecode serves one version of the interpreter, and has the time of its source in it. */
const BYTECODE_FOLDER = '__pycache__';

/**
 * Every file of a source, links followed, in an order that does not depend on the machine.
 *
 * @param leftOut  whether folders of a name are left out, beside those that never are a source
 */
export async function listFiles(
  folder: string,
  leftOut: (name: string) => boolean = () => false,
): Promise<SourceFile[]> {
  return filesBelow(folder, (name) => SKIPPED_FOLDER.test(name) || leftOut(name));
}

/** Every file that an installer put there: a package may have folders of any name, such as `target` or `.libs`. */
export async function listInstalled(folder: string): Promise<SourceFile[]> {
  return filesBelow(folder, (name) => name === BYTECODE_FOLDER);
}

async function filesBelow(folder: string, skipped: Walk['skipped']): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  await collect(folder, '', [idOf(await stat(folder))], { files, skipped });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Walk {
  readonly files: SourceFile[];
  readonly skipped: (folder: string) => boolean;
}

/** @param above  the folder itself and those above it: a link back to one of them would have no end */
async function collect(folder: string, prefix: string, above: readonly string[], walk: Walk): Promise<void> {
  for (const name of await readdir(folder)) {
    const absolute = join(folder, name);
    const info = await existing(absolute);
    if (info?.isFile())
      walk.files.push({ path: prefix + name, absolute, executable: (info.mode & 0o100) !== 0 });
    if (info?.isDirectory() && !walk.skipped(name) && !above.includes(idOf(info)))
      await collect(absolute, `${prefix}${name}/`, [...above, idOf(info)], walk);
  }
}

const idOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

/** null for a link that leads nowhere, or to itself: git keeps those, and there is nothing behind them. */
async function existing(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
