import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../errors.ts';

const ManifestSchema = z.object({
  type: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** What is read of a function's package.json. @throws ConfigError for what npm could not read either */
export async function readManifest(path: string): Promise<z.infer<typeof ManifestSchema>> {
  const parsed = ManifestSchema.safeParse(jsonOf(path, await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw unreadable(path, z.prettifyError(parsed.error));
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
}

function unreadable(path: string, why: string): ConfigError {
  return new ConfigError(`${path} is no package.json: ${why}.`, 'Correct it until `npm pkg get` prints it.');
}
