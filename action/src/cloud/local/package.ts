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
 * files by the latter). Nothing lands outside of the folder: yauzl refuses names that leave it, links are made when all
 * else is in its place, so that none is written through, and what is there is not written again.
 *
 * @throws DeployError when it is no readable zip, or has two files of a name
 */
export async function unpack(zip: string, folder: string): Promise<void> {
  try {
    const file = await openPromise(zip, { lazyEntries: true });
    const links: Link[] = [];
    for await (const entry of file.eachEntry()) links.push(...(await extract(file, entry, folder)));
    for (const { target, path } of links) await symlink(target, path);
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

interface Link {
  readonly target: string;
  readonly path: string;
}

/** @returns the link that the entry is, still to be made */
async function extract(file: ZipFile, entry: Entry, folder: string): Promise<Link[]> {
  const path = join(folder, entry.fileName);
  if (entry.fileName.endsWith('/')) {
    await mkdir(path, { recursive: true });
    return [];
  }
  await mkdir(dirname(path), { recursive: true });
  const mode = entry.externalFileAttributes >>> 16;
  const stream = await file.openReadStreamPromise(entry);
  // It is read whether or not anybody listens, as when no file can have that name; unheard, its error ends the process.
  stream.on('error', () => {});
  if ((mode & fileTypeMask) === symbolicLink) return [{ target: await text(stream), path }];
  await pipeline(stream, createWriteStream(path, { flags: 'wx' }));
  await chmod(path, mode & 0o777 || 0o644);
  const modified = entry.getLastModDate({ timezone: 'UTC' });
  await utimes(path, modified, modified);
  return [];
}
