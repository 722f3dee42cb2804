import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DeployError } from '../../errors.ts';

export interface ReplacingMeans {
  readonly lambda: LambdaClient;
  /** Ends the waiting; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** How long Lambda may take, ms; it usually takes some seconds. */
  readonly patienceMs?: number;
  /** Between two looks at the function, ms. */
  readonly pollMs?: number;
}

/** No function reads it: a change of any variable makes Lambda leave all present environments. */
const GENERATION = 'LAMBDA_DUEL_GENERATION';
const PATIENCE_MS = 120_000;
const POLL_MS = 250;

/**
 * Makes Lambda serve the function by new execution environments only, by changing one environment variable. Until the
 * update is `Successful`, invocations still meet old ones (Lambda developer guide, "Lambda function states"), and the
 * first looks may show the state from before it; so it waits for its own variable in a new revision, too.
 *
 * Whether no environment was reused is judged by what ran: the ids that requests and log streams carry (collect).
 *
 * @param functionName name or ARN.
 * @throws DeployError when the update fails, takes longer than the patience, or is not permitted.
 */
export async function replaceEnvironments(functionName: string, means: ReplacingMeans): Promise<void> {
  const deadline = performance.now() + (means.patienceMs ?? PATIENCE_MS);
  const look = lookingAt(functionName, means, deadline);
  const before = await look(isSettled);
  const generation = randomUUID();
  const conflict = await update(functionName, before, generation, means.lambda);
  const isOurs = ({ Environment }: FunctionConfiguration) =>
    Environment?.Variables?.[GENERATION] === generation;
  const isNew = ({ RevisionId }: FunctionConfiguration) => RevisionId !== before.RevisionId;
  const after = await look((now) => isSettled(now) && isNew(now) && (conflict !== null || isOurs(now)));
  if (conflict !== null && !isOurs(after)) throw changedByOthers(functionName, conflict);
}

/** Nothing is under way; the function may have failed. */
function isSettled({ State, LastUpdateStatus }: FunctionConfiguration): boolean {
  return State !== 'Pending' && LastUpdateStatus !== 'InProgress';
}

/** Looks at the function until it is as wanted; a failed one is an error whatever is wanted. */
function lookingAt(functionName: string, means: ReplacingMeans, deadline: number) {
  return async (wanted: (now: FunctionConfiguration) => boolean): Promise<FunctionConfiguration> => {
    for (;;) {
      means.signal?.throwIfAborted();
      const now = await configurationOf(functionName, means.lambda);
      failIfFailed(functionName, now);
      if (wanted(now)) return now;
      if (performance.now() > deadline) throw stuck(functionName, now, means.patienceMs ?? PATIENCE_MS);
      await sleep(means.pollMs ?? POLL_MS, undefined, optional(means.signal)).catch(() => {});
    }
  };
}

function optional(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function configurationOf(functionName: string, lambda: LambdaClient): Promise<FunctionConfiguration> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  return lambda.send(command);
}

/**
 * The revision makes AWS refuse the update if somebody else changed the function meanwhile.
 *
 * @returns the refusal; it may be of our own update, which the SDK sends again when its answer is lost
 */
async function update(
  functionName: string,
  { Environment, RevisionId }: FunctionConfiguration,
  generation: string,
  lambda: LambdaClient,
): Promise<Error | null> {
  const Variables = { ...Environment?.Variables, [GENERATION]: generation };
  const command = new UpdateFunctionConfigurationCommand({
    FunctionName: functionName,
    Environment: { Variables },
    RevisionId,
  });
  try {
    await lambda.send(command);
    return null;
  } catch (error) {
    if (isConflict(error)) return error;
    throw error;
  }
}

function isConflict(error: unknown): error is Error {
  return error instanceof Error && /^(PreconditionFailed|ResourceConflict)Exception$/.test(error.name);
}

function failIfFailed(functionName: string, now: FunctionConfiguration): void {
  const failed = now.State === 'Failed' || now.LastUpdateStatus === 'Failed';
  if (!failed) return;
  const why = now.LastUpdateStatusReason ?? now.StateReason ?? 'without a reason';
  const code = now.LastUpdateStatusReasonCode ?? now.StateReasonCode ?? 'no reason code';
  throw new DeployError(
    `Lambda could not bring up function ${functionName}: ${why} (${code}).`,
    'Mend what Lambda names and run again.',
  );
}

function stuck(functionName: string, now: FunctionConfiguration, patienceMs: number): DeployError {
  const why = now.StateReason ?? now.LastUpdateStatusReason;
  const state = `State ${now.State}, LastUpdateStatus ${now.LastUpdateStatus}${why === undefined ? '' : `: ${why}`}`;
  return new DeployError(
    `Function ${functionName} did not get new execution environments within ${patienceMs / 1000} s (${state}).`,
    'Run again; if it happens again, look at the function in the console and at the AWS Health Dashboard.',
  );
}

function changedByOthers(functionName: string, cause: Error): DeployError {
  return new DeployError(
    `Function ${functionName} was changed by somebody else during the run (${cause.name}).`,
    'Leave the functions of a run alone until it has ended, and run again.',
    { cause },
  );
}
