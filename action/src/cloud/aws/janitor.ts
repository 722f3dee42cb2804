import {
  type CloudFormationClient,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { DeployError } from '../../errors.ts';
import type { AwsClients } from './clients.ts';
import { PREFIX, TAGS } from './names.ts';
import { type Destruction, destroyStack } from './teardown.ts';

export interface Decision {
  readonly stack: string;
  readonly remove: boolean;
  /** Half a sentence: `expired at ...`, `belongs to ...`. */
  readonly why: string;
}

/** What the janitor cleans up: all that has expired, or one run at once. */
export interface Beat {
  readonly repository: string;
  /** Id of a workflow run or of a benchmark run; null for what has expired. */
  readonly run: string | null;
  readonly now: Date;
}

/** Every stack whose name could be a run's, with what is to be done to it. Nothing else in the account is looked at. */
export async function inspect(client: CloudFormationClient, beat: Beat): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    const named = Stacks.filter(({ StackName }) => StackName?.startsWith(`${PREFIX}-`));
    decisions.push(...named.map((stack) => ({ stack: stack.StackName ?? '', ...decide(stack, beat) })));
  }
  return decisions;
}

/** Whatever is not clearly a finished run of this repository stays. */
export function decide(
  { Tags = [] }: Pick<Stack, 'Tags'>,
  { repository, run, now }: Beat,
): Omit<Decision, 'stack'> {
  const tag = (key: string) => Tags.find(({ Key }) => Key === key)?.Value;
  const [ranAs, owner, expires] = [tag(TAGS.run), tag(TAGS.repository), tag(TAGS.expires)];
  if (ranAs === undefined || owner === undefined || expires === undefined)
    return keep('lacks the tags of a run');
  if (owner !== repository) return keep(`belongs to ${owner}`);
  if (run !== null) return isRun(ranAs, run) ? remove(`is of run ${ranAs}`) : keep(`is of run ${ranAs}`);
  const expiry = new Date(expires);
  if (Number.isNaN(expiry.getTime())) return keep(`has an expiry that is no time: ${expires}`);
  return expiry < now ? remove(`expired at ${expires}`) : keep(`expires at ${expires}`);
}

const keep = (why: string) => ({ remove: false, why });
const remove = (why: string) => ({ remove: true, why });

/** A workflow run's id stands for all its attempts and jobs. */
const isRun = (ranAs: string, run: string) => ranAs === run || ranAs.startsWith(`${run}-`);

/**
 * Removes what was decided on, one after the other; what cannot be removed keeps none of the others.
 *
 * @throws DeployError that names every stack still there
 */
export async function sweep(
  clients: AwsClients,
  decisions: readonly Decision[],
  destruction: Destruction,
): Promise<void> {
  const failures: Error[] = [];
  for (const { stack } of decisions.filter((decision) => decision.remove)) {
    await destroyStack(clients, stack, destruction).catch((failure: Error) => failures.push(failure));
  }
  if (failures.length === 0) return;
  throw new DeployError(
    `${failures.length} of ${decisions.filter((decision) => decision.remove).length} stacks are still there.\n` +
      failures.map(({ message }) => message).join('\n'),
    'Mend what AWS names and run the janitor again.',
    { cause: new AggregateError(failures) },
  );
}
