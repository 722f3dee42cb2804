import { join, resolve } from 'node:path';
import { stderrProgress } from '../src/progress.ts';
import { toolVersions } from '../src/tools/catalogue.ts';
import { ensureTools, type ToolName } from '../src/tools/tools.ts';

/** Installs every tool once, before tests that need them start side by side. */
export default async function setup(): Promise<void> {
  const cacheDir = join(resolve(import.meta.dirname, '../..'), '.cache');
  await ensureTools(Object.keys(toolVersions) as ToolName[], { cacheDir, progress: stderrProgress() });
}
