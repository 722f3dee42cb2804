import { setTimeout as sleep } from 'node:timers/promises';
import {
  AlreadyExistsException,
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type StackEvent,
  type Tag,
} from '@aws-sdk/client-cloudformation';
import { DeployError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { denialIn } from './denied.ts';
import { eventLine, firstFailure, StackEvents } from './stack-events.ts';

export interface Watch {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** Between two looks at a stack's events, ms. */
  readonly pollMs?: number;
}

export interface StackRequest {
  readonly name: string;
  readonly template: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Role that CloudFormation acts as; null for the caller's own. */
  readonly role: string | null;
}

export type Outputs = Readonly<Record<string, string>>;

export const DEFAULT_POLL_MS = 2000;

/**
 * Creates a stack and waits until it is complete.
 *
 * @returns its outputs
 * @throws DeployError with the first failure, by the resource and in AWS's words; what was made is being deleted then
 */
export async function createStack(
  client: CloudFormationClient,
  request: StackRequest,
  watch: Watch,
): Promise<Outputs> {
  const stackId = await start(client, request, watch);
  await untilCreated(client, { ...request, stackId }, watch);
  return outputsOf(client, stackId);
}

async function start(
  client: CloudFormationClient,
  request: StackRequest,
  { signal }: Watch,
): Promise<string> {
  const { name, template, parameters = {}, tags, role } = request;
  const command = new CreateStackCommand({
    StackName: name,
    TemplateBody: template,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: tagList(tags),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    OnFailure: 'DELETE',
    ...(role !== null && { RoleARN: role }),
  });
  try {
    const { StackId } = await client.send(command, { ...(signal !== undefined && { abortSignal: signal }) });
    return StackId ?? name;
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof AlreadyExistsException ? exists(name, error) : error;
  }
}

function exists(name: string, cause: unknown): DeployError {
  return new DeployError(
    `A stack named ${name} exists already.`,
    'It is of a run with the same id: let that one end, or delete it with `npm run janitor`, and run again.',
    { cause },
  );
}

export const tagList = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

async function untilCreated(
  client: CloudFormationClient,
  { name, stackId }: { name: string; stackId: string },
  { progress, signal, pollMs = DEFAULT_POLL_MS }: Watch,
): Promise<void> {
  const events = new StackEvents(client, stackId);
  const all: StackEvent[] = [];
  for (;;) {
    signal?.throwIfAborted();
    const fresh = await events.next();
    for (const event of fresh) progress.line('aws', eventLine(event));
    all.push(...fresh);
    const status = all.findLast((event) => events.isStack(event))?.ResourceStatus ?? 'CREATE_IN_PROGRESS';
    if (status === 'CREATE_COMPLETE') return;
    if (status !== 'CREATE_IN_PROGRESS') throw failed(name, firstFailure(all));
    await sleep(pollMs, undefined, { ...(signal !== undefined && { signal }) }).catch(() => {});
  }
}

function failed(name: string, event: StackEvent | undefined): DeployError {
  const reason = event?.ResourceStatusReason ?? 'CloudFormation gave no reason';
  return (
    denialIn(reason) ??
    new DeployError(
      `Stack ${name} was not created: ${event?.ResourceType ?? 'a resource'} ${event?.LogicalResourceId ?? ''}: ${reason}`,
      'Mend what AWS names and run again; what had been created is deleted.',
    )
  );
}

async function outputsOf(client: CloudFormationClient, stackId: string): Promise<Outputs> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
  return Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
}
