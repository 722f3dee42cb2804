import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';

/** CloudFormation's words for a resource that was given up because another one had failed. */
const COLLATERAL = /cancelled/i;

/** Follows a stack by its id, under which its events can be read even after it is deleted. */
export class StackEvents {
  readonly #client: CloudFormationClient;
  readonly #stackId: string;
  readonly #seen = new Set<string>();

  constructor(client: CloudFormationClient, stackId: string) {
    this.#client = client;
    this.#stackId = stackId;
  }

  /** Events since the last call, oldest first. */
  async next(): Promise<StackEvent[]> {
    const fresh: StackEvent[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new DescribeStackEventsCommand({ StackName: this.#stackId, NextToken: token }),
      );
      const unseen = (page.StackEvents ?? []).filter(({ EventId }) => !this.#seen.has(EventId ?? ''));
      fresh.push(...unseen);
      // Newest come first: a page with something already seen is the last one of interest.
      token = unseen.length === page.StackEvents?.length ? page.NextToken : undefined;
    } while (token !== undefined);
    for (const { EventId } of fresh) this.#seen.add(EventId ?? '');
    return fresh.reverse();
  }

  /** True when the event is about the stack itself. */
  isStack(event: StackEvent): boolean {
    return event.PhysicalResourceId === this.#stackId;
  }
}

/** The first resource that failed by itself: later failures are its consequences. */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  const failed = events.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'));
  return failed.find(({ ResourceStatusReason }) => !COLLATERAL.test(ResourceStatusReason ?? '')) ?? failed[0];
}

/** E.g. `CREATE_COMPLETE  AWS::S3::Bucket  Bucket83908E77`, with the reason of a failure. */
export function eventLine({
  ResourceStatus,
  ResourceType,
  LogicalResourceId,
  ResourceStatusReason,
}: StackEvent) {
  const reason = ResourceStatus?.endsWith('_FAILED') ? `: ${ResourceStatusReason ?? 'no reason given'}` : '';
  return `${ResourceStatus}  ${ResourceType}  ${LogicalResourceId}${reason}`;
}
