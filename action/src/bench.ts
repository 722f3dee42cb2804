import { awsLambda, thisMachine } from './build/platform.ts';
import type { Cloud } from './cloud/cloud.ts';
import { awsOnly } from './cloud/local/aws-only.ts';
import { linuxOnly } from './cloud/local/linux-only.ts';
import { localCloud } from './cloud/local/local.ts';
import type { Config, Warning } from './model.ts';
import { type Adapters, pipeline } from './pipeline.ts';
import type { Result } from './result.ts';
import { startTools, toolsFor } from './tools/tools.ts';

/** An AWS account that passed `preflight`. */
export interface AwsTarget {
  readonly cloud: Cloud;
  readonly warnings: readonly Warning[];
}

/** What packages are built with: all that building has to wait for. */
const BUILDERS = ['cargo-lambda', 'maturin', 'esbuild'];

/**
 * A run for the terminal and the action alike: on the cloud that is given, or on the local one. Packages are built while
 * tools that only a deployment needs are still being installed; nothing is deployed before all are there, so that no
 * compiler runs beside a measurement.
 */
export async function bench(
  config: Config,
  aws: AwsTarget | null,
  options: Pick<Adapters, 'cacheDir' | 'progress' | 'signal' | 'publish'>,
): Promise<Result> {
  const { variants } = config;
  const unfit = aws === null ? (awsOnly(variants) ?? linuxOnly(variants, process.platform)) : null;
  if (unfit !== null) throw unfit;
  await using tools = await startTools(toolsFor(config, aws === null ? 'local' : 'aws'), options);
  const { signal } = tools;
  const deploy: Cloud['deploy'] = async (artifacts) => {
    const there = await tools.ready();
    const cloud = aws?.cloud ?? localCloud({ ...options, signal, tools: there });
    return cloud.deploy(artifacts);
  };
  return await pipeline(config, {
    ...options,
    signal,
    cloud: { deploy },
    platform: aws === null ? thisMachine : awsLambda,
    tools: { ...(await tools.ready(BUILDERS)), k6: tools.path('k6') },
    warnings: aws?.warnings ?? [],
  });
}
