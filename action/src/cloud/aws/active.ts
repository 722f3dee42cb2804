import { setTimeout as sleep } from 'node:timers/promises';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DeployError } from '../../errors.ts';

export interface ActiveOptions {
  readonly signal?: AbortSignal;
  readonly pollMs?: number;
  /** How long a function may stay Pending, ms. */
  readonly patienceMs?: number;
}

/**
 * Waits until a function can be invoked: CloudFormation calls it complete before Lambda calls it Active.
 *
 * @throws DeployError when it has failed, or stays Pending beyond patience
 */
export async function untilActive(
  lambda: LambdaClient,
  functionName: string,
  { signal, pollMs = 1000, patienceMs = 120_000 }: ActiveOptions = {},
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  for (;;) {
    signal?.throwIfAborted();
    const { State, StateReasonCode, StateReason } = await lambda.send(command);
    if (State === 'Active') return;
    if (State !== 'Pending' || performance.now() > deadline) {
      const why = [StateReasonCode, StateReason].filter(Boolean).join(': ') || 'AWS gave no reason';
      throw new DeployError(
        `Function ${functionName} is ${State ?? 'in no state'} and cannot be invoked (${why}).`,
        'Run again; if it stays so, look the function up in the AWS Health Dashboard of the region.',
      );
    }
    await sleep(pollMs);
  }
}
