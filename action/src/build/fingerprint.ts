import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BuildKind } from '../model.ts';
import type { Platform } from './platform.ts';
import type { Recipe } from './recipe.ts';

/** SHA-256 of everything that decides about a package's bytes; where the source lies and its name do not. */
export async function fingerprint(kind: BuildKind, recipe: Recipe, platform: Platform): Promise<string> {
  const hash = createHash('sha256');
  const tools = Object.entries(recipe.tools).sort();
  hash.update(JSON.stringify([FORMAT, kind, platform.architecture, platform.python, recipe.flags, tools]));
  for (const { path, absolute, executable } of recipe.files) {
    const content = await readFile(absolute);
    hash.update(JSON.stringify([path, executable, content.length])).update(content);
  }
  return hash.digest('hex');
}

/** Raise it when the way packages are put together changes. */
const FORMAT = 3;
