import { thisMachine } from './build/platform.ts';
import { localCloud } from './cloud/local/local.ts';
import type { Config } from './model.ts';
import { type Adapters, pipeline } from './pipeline.ts';
import type { Result } from './result.ts';
import { ensureTools, toolsFor } from './tools/tools.ts';

/** A run on the local cloud, for the terminal and the action alike. */
export async function bench(
  config: Config,
  options: Pick<Adapters, 'cacheDir' | 'progress' | 'signal' | 'publish'>,
): Promise<Result> {
  const tools = await ensureTools(toolsFor(config), options);
  const cloud = localCloud({ ...options, tools });
  return pipeline(config, { ...options, cloud, platform: thisMachine, tools });
}
