import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { DeployError } from '../../errors.ts';

export interface ActiveOptions {
  readonly signal?: AbortSignal;
  readonly pollMs?: number;
  /** How long a function may stay Pending, ms. */
  readonly patienceMs?: number;
  /** A published version of it; default: what is not published. */
  readonly version?: string;
}

/**
 * Waits until a function can be invoked: CloudFormation calls it complete before Lambda calls it Active.
 *
 * @throws DeployError when it has failed, or stays Pending beyond patience
 */
export async function untilActive(
  lambda: LambdaClient,
  functionName: string,
  { signal, pollMs = 1000, patienceMs = 120_000, version }: ActiveOptions = {},
): Promise<FunctionConfiguration> {
  const deadline = performance.now() + patienceMs;
  const qualified = { FunctionName: functionName, ...(version !== undefined && { Qualifier: version }) };
  const command = new GetFunctionConfigurationCommand(qualified);
  for (;;) {
    signal?.throwIfAborted();
    const configuration = await lambda.send(command);
    const { State, StateReasonCode, StateReason } = configuration;
    if (State === 'Active') return configuration;
    if (State !== 'Pending' || performance.now() > deadline) {
      const why = [StateReasonCode, StateReason].filter(Boolean).join(': ') || 'AWS gave no reason';
      const name = version === undefined ? functionName : `${functionName}, version ${version},`;
      throw new DeployError(
        `Function ${name} is ${State ?? 'in no state'} and cannot be invoked (${why}).`,
        'Run again; if it stays so, look the function up in the AWS Health Dashboard of the region.',
      );
    }
    await sleep(pollMs);
  }
}
