import { statSync } from 'node:fs';
import { ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';

/** Throws ConfigError when the variant's source is not a folder. */
export function requireFolder({ name, source, build }: Variant): void {
  if (statSync(source, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new ConfigError(
    `The source of variant ${name} is not a folder: ${source}.`,
    `Give the folder that its ${build} package is built from, relative to the repository.`,
  );
}
