import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from './recipe.ts';

/** Names files beside it, whose changes are not in its text: by an option, a path, an archive, or an address `file:`. */
const ELSEWHERE = /^\s*(?:-(?!-hash\b)|\.|[^@#:;\n]*(?:\/|\.(?:whl|zip|tar|t[bglx]z)\b)|[^#\n]*\bfile:)/m;

/**
 * What a requirements.txt asks for, installed once and kept beside the packages, so that a change of a function's source
 * needs neither pip nor a network.
 *
 * @param text    of the requirements.txt
 * @param flags   pip's
 * @param install installs it to an empty folder
 * @returns a folder that is not to be changed
 */
export async function keptRequirements(
  text: string,
  flags: readonly string[],
  { cacheDir, env }: Pick<BuildContext, 'cacheDir' | 'env'>,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const once = ELSEWHERE.test(text) ? String(performance.now()) : '';
  const hash = createHash('sha256').update(JSON.stringify([text, flags, Object.entries(env).sort(), once]));
  const folder = join(cacheDir, 'build');
  // By this name it is removed with the oldest packages.
  const place = join(folder, `site-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(place)) {
    await utimes(place, new Date(), new Date());
    return place;
  }
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, 'partial-'));
  try {
    await install(draft);
    // Another build may have been quicker.
    await rename(draft, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
