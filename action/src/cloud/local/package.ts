import { createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { DeployError } from '../../errors.ts';

const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;

/**
 * Unpacks a deployment package as Lambda does: modes and modification times are kept (Python checks its compiled
 * files by the latter).
 *
 * @throws DeployError when it is no readable zip
 */
export async function unpack(zip: string, folder: string): Promise<void> {
  try {
    const file = await openPromise(zip, { lazyEntries: true });
    for await (const entry of file.eachEntry()) await extract(file, entry, folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeployError(
      `The package ${zip} could not be unpacked: ${reason}.`,
      'Build the variant again.',
      {
        cause,
      },
    );
  }
}

async function extract(file: ZipFile, entry: Entry, folder: string): Promise<void> {
  const path = join(folder, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const mode = entry.externalFileAttributes >>> 16;
  const stream = await file.openReadStreamPromise(entry);
  if ((mode & fileTypeMask) === symbolicLink) {
    await symlink(await text(stream), path);
    return;
  }
  await pipeline(stream, createWriteStream(path));
  await chmod(path, mode & 0o777 || 0o644);
  const modified = entry.getLastModDate({ timezone: 'UTC' });
  await utimes(path, modified, modified);
}
