import { readFile } from 'node:fs/promises';
import { type Unzipped, unzipSync, type Zippable, zipSync } from 'fflate';
import type { SourceFile } from './source-tree.ts';

export interface ZipEntry {
  readonly path: string;
  readonly data: Uint8Array;
  readonly executable: boolean;
}

const UNIX = 3;
const REGULAR_FILE = 0o100000;

/** Same entries, same bytes: sorted, dated 1980-01-01, modes 755 or 644. */
export function zipDeterministically(entries: readonly ZipEntry[]): Uint8Array {
  // The ZIP epoch, in local time because that is what the format stores.
  const mtime = new Date(1980, 0, 1);
  const files: Zippable = {};
  for (const { path, data, executable } of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const mode = REGULAR_FILE | (executable ? 0o755 : 0o644);
    files[path] = [data, { mtime, os: UNIX, attrs: mode << 16, level: 9 }];
  }
  return zipSync(files);
}

export async function readEntries(files: readonly SourceFile[]): Promise<ZipEntry[]> {
  return Promise.all(files.map(async (file) => ({ ...file, data: await readFile(file.absolute) })));
}

/** Throws when the bytes are not a zip. */
export function unzip(bytes: Uint8Array): Unzipped {
  return unzipSync(bytes, { filter: ({ name }) => !name.endsWith('/') });
}

export function unzippedBytes(entries: Iterable<{ readonly data: Uint8Array }>): number {
  return [...entries].reduce((sum, { data }) => sum + data.length, 0);
}
