import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AlreadyExistsException,
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type StackEvent,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DeployError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { refusalIn } from './refusal.ts';
import { eventLine, firstFailure, StackEvents } from './stack-events.ts';

export interface Watch {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** Between two looks at a stack's events, ms. */
  readonly pollMs?: number;
}

export interface StackRequest {
  readonly name: string;
  /** JSON, or the https address of it. */
  readonly template: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Role that CloudFormation acts as; null for the caller's own. */
  readonly role: string | null;
}

export type Outputs = Readonly<Record<string, string>>;

export const DEFAULT_POLL_MS = 2000;

/**
 * Starts to create a stack; anything that fails in it deletes it. Not to be aborted: whether the stack is ours to delete must be known afterwards.
 *
 * @returns its id
 */
export async function startStack(client: CloudFormationClient, request: StackRequest): Promise<string> {
  const { name, template, parameters = {}, tags, role } = request;
  const command = new CreateStackCommand({
    StackName: name,
    ...(template.startsWith('https://') ? { TemplateURL: template } : { TemplateBody: template }),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    OnFailure: 'DELETE',
    // The SDK asks again when an answer is lost: without it the second request finds the stack of the first.
    ClientRequestToken: randomUUID(),
    ...(role !== null && { RoleARN: role }),
  });
  try {
    const { StackId } = await client.send(command);
    return StackId ?? name;
  } catch (error) {
    throw error instanceof AlreadyExistsException ? exists(name, error) : (refused(name, error) ?? error);
  }
}

function exists(name: string, cause: unknown): DeployError {
  return new DeployError(
    `A stack named ${name} exists already.`,
    'It is of a run with the same id: give each benchmark of a workflow its own `name`, or let that one end, or delete it with `npm run janitor`, and run again.',
    { cause },
  );
}

/** What CloudFormation finds wrong before it starts. */
function refused(name: string, error: unknown): DeployError | null {
  if (!(error instanceof Error) || error.name !== 'ValidationError') return null;
  return new DeployError(
    `CloudFormation refused stack ${name}: ${error.message}`,
    'Mend what it names and run again; nothing was made.',
    { cause: error },
  );
}

/**
 * Waits until a stack is complete.
 *
 * @returns its outputs
 * @throws DeployError with the first failure, by the resource and in AWS's words; what was made is being deleted then
 */
export async function untilCreated(
  client: CloudFormationClient,
  stack: { readonly name: string; readonly stackId: string },
  watch: Watch,
): Promise<Outputs> {
  const events = new StackEvents(client, stack.stackId);
  await untilComplete('CREATE', stack.name, events, watch);
  return outputsOf(client, stack.stackId);
}

/** Changes a stack to another template and waits until that is done; one that is as wanted stays. */
export async function updateStack(
  client: CloudFormationClient,
  { name, stackId, template }: { readonly name: string; readonly stackId: string; readonly template: string },
  watch: Watch,
): Promise<Outputs> {
  const events = new StackEvents(client, stackId);
  await events.next(); // what was before
  const command = new UpdateStackCommand({
    StackName: stackId,
    TemplateBody: template,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  try {
    await client.send(command);
  } catch (error) {
    if (/No updates are to be performed/.test((error as Error).message)) return outputsOf(client, stackId);
    throw refused(name, error) ?? error;
  }
  await untilComplete('UPDATE', name, events, watch);
  return outputsOf(client, stackId);
}

async function untilComplete(
  verb: 'CREATE' | 'UPDATE',
  name: string,
  events: StackEvents,
  { progress, signal, pollMs = DEFAULT_POLL_MS }: Watch,
): Promise<void> {
  const all: StackEvent[] = [];
  for (;;) {
    signal?.throwIfAborted();
    const fresh = await events.next();
    for (const event of fresh) progress.line('aws', eventLine(event));
    all.push(...fresh);
    const status = all.findLast((event) => events.isStack(event))?.ResourceStatus ?? `${verb}_IN_PROGRESS`;
    if (status === `${verb}_COMPLETE`) return;
    if (!GOING_ON.test(status)) throw failed(name, firstFailure(all));
    await sleep(pollMs, undefined, { ...(signal !== undefined && { signal }) }).catch(() => {});
  }
}

const GOING_ON = /^(CREATE|UPDATE|UPDATE_COMPLETE_CLEANUP)_IN_PROGRESS$/;

function failed(name: string, event: StackEvent | undefined): DeployError {
  const reason = event?.ResourceStatusReason ?? 'CloudFormation gave no reason';
  return (
    refusalIn(reason) ??
    new DeployError(
      `Stack ${name} failed: ${event?.ResourceType ?? 'a resource'} ${event?.LogicalResourceId ?? ''}: ${reason}`,
      'Mend what AWS names and run again; what had been done is undone.',
    )
  );
}

async function outputsOf(client: CloudFormationClient, stackId: string): Promise<Outputs> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
  return Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
}
