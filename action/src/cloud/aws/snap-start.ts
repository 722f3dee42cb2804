import { type LambdaClient, PublishVersionCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { DeployError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { untilActive } from './active.ts';
import { replaceEnvironments } from './environments.ts';
import { ALIAS } from './plan.ts';

export interface PublishingMeans {
  readonly lambda: LambdaClient;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** Between two looks at a function, ms. */
  readonly pollMs?: number;
}

/** A version is Pending while Lambda initialises it and takes its snapshot, which may take minutes. */
const PATIENCE_MS = 900_000;

/**
 * Publishes versions of a function with SnapStart, which nobody has called then. Environments of a version cannot be
 * replaced; but to move the alias to a version that has none yet comes to the same, and takes no minutes.
 *
 * @returns the versions, in the order they were published
 * @throws DeployError when Lambda cannot initialise the function or takes no snapshot of it
 */
export async function publishVersions(
  functionName: string,
  count: number,
  means: PublishingMeans,
): Promise<string[]> {
  const versions: string[] = [];
  while (versions.length < count) {
    // Of a function that did not change since, PublishVersion gives the last version again: first that of the stack.
    if (versions.length > 0) await replaceEnvironments(functionName, means);
    versions.push(await publish(functionName, means));
    means.progress.line('aws', `${functionName}: ${versions.length} of ${count} snapshots are taken`);
  }
  return versions;
}

async function publish(functionName: string, { lambda, signal, pollMs }: PublishingMeans): Promise<string> {
  const command = new PublishVersionCommand({ FunctionName: functionName });
  const { Version: version = '$LATEST' } = await lambda.send(command);
  const { SnapStart } = await untilActive(lambda, functionName, {
    ...{ version, patienceMs: PATIENCE_MS },
    ...(signal !== undefined && { signal }),
    ...(pollMs !== undefined && { pollMs }),
  });
  if (SnapStart?.OptimizationStatus === 'On') return version;
  throw new DeployError(
    `Lambda published version ${version} of function ${functionName} without a snapshot (SnapStart ${SnapStart?.OptimizationStatus ?? 'is unknown'}).`,
    'Leave snapStart out, or choose a region that has SnapStart.',
  );
}

/**
 * Has the function's URL served by its next version, and so by new environments only. Lambda does not say how soon that
 * is so: whether no environment was reused is judged by what ran, as after `replaceEnvironments`.
 *
 * @param unused published versions that nobody has called; the first is taken out
 */
export async function moveToNextVersion(
  functionName: string,
  unused: string[],
  lambda: LambdaClient,
): Promise<void> {
  const version = unused.shift();
  if (version === undefined)
    throw new RangeError(`no version of ${functionName} is left that nobody has called`);
  const alias = { FunctionName: functionName, Name: ALIAS, FunctionVersion: version };
  await lambda.send(new UpdateAliasCommand(alias));
}
