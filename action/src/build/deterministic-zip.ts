import { readFile } from 'node:fs/promises';
import { type UnzipFileInfo, type Unzipped, unzipSync, type Zippable, zipSync } from 'fflate';
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

/** What Lambda lets a package be when it is unpacked (Lambda quotas, "Deployment package size"). */
const LARGEST_UNZIPPED_MB = 250;

/** Throws when the bytes are not a zip, or are more than Lambda unpacks: a few kB can be made to fill the memory. */
export function unzip(bytes: Uint8Array): Unzipped {
  let total = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo) => {
    total += originalSize;
    if (total > LARGEST_UNZIPPED_MB * 2 ** 20)
      throw new RangeError(`it has more than ${LARGEST_UNZIPPED_MB} MB unpacked, which Lambda refuses`);
    return !name.endsWith('/');
  };
  return unzipSync(bytes, { filter });
}

export function unzippedBytes(entries: Iterable<{ readonly data: Uint8Array }>): number {
  return [...entries].reduce((sum, { data }) => sum + data.length, 0);
}
