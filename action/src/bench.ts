import { awsLambda, thisMachine } from './build/platform.ts';
import type { Cloud } from './cloud/cloud.ts';
import { localCloud } from './cloud/local/local.ts';
import type { Config, Warning } from './model.ts';
import { type Adapters, pipeline } from './pipeline.ts';
import type { Result } from './result.ts';
import { ensureTools, toolsFor } from './tools/tools.ts';

/** An AWS account that passed `preflight`. */
export interface AwsTarget {
  readonly cloud: Cloud;
  readonly warnings: readonly Warning[];
}

/** A run for the terminal and the action alike: on the cloud that is given, or on the local one. */
export async function bench(
  config: Config,
  aws: AwsTarget | null,
  options: Pick<Adapters, 'cacheDir' | 'progress' | 'signal' | 'publish'>,
): Promise<Result> {
  const tools = await ensureTools(toolsFor(config, aws === null ? 'local' : 'aws'), options);
  const cloud = aws?.cloud ?? localCloud({ ...options, tools });
  const platform = aws === null ? thisMachine : awsLambda;
  return pipeline(config, { ...options, cloud, platform, tools, warnings: aws?.warnings ?? [] });
}
