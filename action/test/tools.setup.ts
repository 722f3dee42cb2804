import { join, resolve } from 'node:path';
import { stderrProgress } from '../src/progress.ts';
import { catalogue } from '../src/tools/catalogue.ts';
import { ensure } from '../src/tools/tools.ts';
import { workflowTools } from './workflow-tools.ts';

/** Installs every tool once, before tests that need them start side by side. */
export default async function setup(): Promise<void> {
  const cacheDir = join(resolve(import.meta.dirname, '../..'), '.cache');
  await ensure([...Object.values(catalogue), ...workflowTools], { cacheDir, progress: stderrProgress() });
}
