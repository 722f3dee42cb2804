import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../command.ts';
import { FileSchema } from '../config/schema.ts';
import { parseOptions } from '../options.ts';
import { writeWhole } from '../publish/files.ts';
import { ResultSchema } from '../result.ts';
import { withTables } from './schemas/readme.ts';

const USAGE = `Usage: npm run schemas

  Writes the JSON Schemas into action/, and the tables of action/action.yml into README.md.`;

/** The published JSON Schemas, by file name, generated from the schemas the program itself checks with. */
export function jsonSchemas(): Record<string, string> {
  const text = (schema: z.ZodType, io: 'input' | 'output') =>
    `${JSON.stringify(z.toJSONSchema(schema, { io }), null, 2)}\n`;
  return {
    'benchmark.schema.json': text(FileSchema, 'input'),
    'result.schema.json': text(ResultSchema, 'output'),
  };
}

/** The entry of `npm run schemas`: writes them into `action/`, and the tables of action.yml into the README. */
export function main(argv: readonly string[], { root }: { root: string }): Promise<number> {
  return run(async () => {
    parseOptions(argv, { options: {} }, USAGE);
    for (const [name, content] of Object.entries(jsonSchemas()))
      await writeWhole(join(root, 'action'), name, content);
    const [readme, action] = await Promise.all(
      ['README.md', 'action/action.yml'].map((path) => readFile(join(root, path), 'utf8')),
    );
    await writeWhole(root, 'README.md', withTables(readme ?? '', action ?? ''));
    return 0;
  });
}
