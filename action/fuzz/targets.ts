/** Every parser of data that others wrote. */
import type { Target } from './target.ts';
import { configTargets } from './targets/config.ts';
import { escapeTargets } from './targets/escape.ts';
import { generatorTargets } from './targets/generator.ts';
import { githubTargets } from './targets/github.ts';
import { importTargets } from './targets/import.ts';
import { journalTargets } from './targets/journal.ts';
import { localCloudTargets } from './targets/local-cloud.ts';
import { platformTargets } from './targets/platform.ts';
import { resultTargets } from './targets/result.ts';
import { zipTargets } from './targets/zip.ts';

/** @param folder an empty one, for those that read files; who calls removes it */
export function targetsIn(folder: string): Target[] {
  return [
    ...configTargets(folder),
    ...generatorTargets(),
    ...importTargets(folder),
    ...platformTargets(),
    ...journalTargets(folder),
    ...resultTargets(),
    ...escapeTargets(),
    ...localCloudTargets(),
    ...githubTargets(folder),
    ...zipTargets(folder),
  ];
}
