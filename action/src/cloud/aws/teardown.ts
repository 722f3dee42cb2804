import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { DeployError } from '../../errors.ts';
import type { AwsClients } from './clients.ts';
import { DEFAULT_POLL_MS, type Watch } from './create-stack.ts';
import { emptyBucket } from './empty-bucket.ts';
import { stacksOf } from './names.ts';
import { refusalIn } from './refusal.ts';

/** Functions that are still answering can fill a bucket between its emptying and its deletion. */
const ROUNDS = 4;

/**
 * Starts the deletion of a run and returns at once: all that the seconds of a cancelled step allow. The functions go; a
 * bucket with objects stays behind in a DELETE_FAILED stack, for `destroyRun` or the janitor. Idempotent.
 */
export async function deleteRun({ cloudformation }: AwsClients, runId: string): Promise<void> {
  const { benchmark, packages } = stacksOf(runId);
  await Promise.all([benchmark, packages].map((name) => deleteStack(cloudformation, name)));
}

/** Empties and deletes a run's stacks and waits until they are gone. Idempotent. */
export async function destroyRun(clients: AwsClients, runId: string, watch: Watch): Promise<void> {
  const { benchmark, packages } = stacksOf(runId);
  const outcomes = await Promise.allSettled(
    [benchmark, packages].map((name) => destroyStack(clients, name, watch)),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/**
 * Asks for the deletion of a stack, by name or id; one that is not there is fine.
 *
 * @param role that CloudFormation deletes as; null for the one that it created with, or else the caller's own rights
 */
export async function deleteStack(
  client: CloudFormationClient,
  stack: string,
  role: string | null = null,
): Promise<void> {
  await client.send(new DeleteStackCommand({ StackName: stack, ...(role !== null && { RoleARN: role }) }));
}

export interface Destruction extends Omit<Watch, 'signal'> {
  /** That CloudFormation deletes as what a person made without a role; null or absent for the caller's own rights. */
  readonly deployRole?: string | null;
}

/** Empties the stack's buckets, deletes it and waits, again while buckets are being filled. */
export async function destroyStack(
  { cloudformation, s3 }: AwsClients,
  nameOrId: string,
  { progress, pollMs = DEFAULT_POLL_MS, deployRole = null }: Destruction,
): Promise<void> {
  const found = await findStack(cloudformation, nameOrId);
  if (found === null) return;
  const { StackName: name = nameOrId, StackId: stackId = nameOrId, RoleARN: ownRole } = found;
  for (let round = 1; ; round++) {
    for (const bucket of await bucketsOf(cloudformation, stackId)) {
      const count = await emptyBucket(s3, bucket);
      if (count > 0) progress.line('aws', `${name}: ${count} objects deleted`);
    }
    await deleteStack(cloudformation, stackId, ownRole === undefined ? deployRole : null);
    if ((await untilSettled(cloudformation, stackId, pollMs)) === 'DELETE_COMPLETE') break;
    if (round === ROUNDS) throw await undeletable(cloudformation, name, stackId);
    progress.line('aws', `${name}: not deleted yet, trying again`);
    // Its status may be that from before the deletion: what CloudFormation tells lags behind.
    await sleep(pollMs);
  }
  progress.line('aws', `${name}: deleted`);
}

/** Null when there is none; stacks that were deleted are not found by name. */
export async function findStack(client: CloudFormationClient, name: string): Promise<Stack | null> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE') ?? null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** CloudFormation has no exception of its own for this. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === 'ValidationError' &&
    /does not exist/.test(error.message)
  );
}

async function bucketsOf(client: CloudFormationClient, stackId: string): Promise<string[]> {
  const buckets = (await resourcesOf(client, stackId)).filter(
    ({ ResourceType, ResourceStatus }) =>
      ResourceType === 'AWS::S3::Bucket' && ResourceStatus !== 'DELETE_COMPLETE',
  );
  return buckets.flatMap(({ PhysicalResourceId }) => PhysicalResourceId || []);
}

async function resourcesOf(client: CloudFormationClient, stackId: string): Promise<StackResourceSummary[]> {
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackId }))
    resources.push(...(page.StackResourceSummaries ?? []));
  return resources;
}

/** @returns DELETE_COMPLETE, or the status in which the deletion ended */
async function untilSettled(client: CloudFormationClient, stackId: string, pollMs: number): Promise<string> {
  for (;;) {
    const status = (await findStack(client, stackId))?.StackStatus ?? 'DELETE_COMPLETE';
    if (!status.endsWith('_IN_PROGRESS')) return status;
    await sleep(pollMs);
  }
}

async function undeletable(
  client: CloudFormationClient,
  name: string,
  stackId: string,
): Promise<DeployError> {
  const left = (await resourcesOf(client, stackId)).filter(
    ({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED',
  );
  const reasons = left.map(
    ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
  );
  return (
    refusalIn(reasons.join('\n')) ??
    new DeployError(
      `Stack ${name} was not deleted after ${ROUNDS} tries: ${reasons.join('; ')}`,
      'Remove what AWS names, then run `npm run janitor`.',
    )
  );
}
