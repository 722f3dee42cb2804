import { readJournal } from '../partial.ts';
import { writeFiles } from '../publish/files.ts';
import { writeSamples } from '../publish/samples.ts';
import { parseResult, serialize } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Result } from '../result.ts';
import { mergeShards } from './merge-shards.ts';

/**
 * Merges shards into one result, and writes it with its report and samples into a folder.
 *
 * @param journals folders of the shards' journals.
 * @throws ConfigError when they cannot be merged, PublishError when the folder cannot be written to.
 */
export async function mergeJournals(journals: readonly string[], outDir: string): Promise<Result> {
  const merged = mergeShards(journals.map(readJournal));
  const result = parseResult(serialize(merged.result));
  await writeSamples(outDir, merged.run, merged.invocations);
  await writeFiles(outDir, result, renderMarkdown(result));
  return result;
}
