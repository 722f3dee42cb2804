/** Who removes what a run could not: the next run on this machine, and the janitor on AWS. */
import { paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { inspect, sweep } from '../src/cloud/aws/janitor.ts';
import { PREFIX, TAGS } from '../src/cloud/aws/names.ts';
import { silent } from '../src/progress.ts';
import { left } from '../test/aws/emulated-account.ts';
import { type AwsDouble, CALLER } from './aws-double.ts';
import type { Expected } from './fault.ts';
import { describeRemains, remainsOf } from './remains.ts';
import type { Sandbox } from './sandbox.ts';
import { startBench } from './subject-process.ts';

/** Sweeping is among the first things a run does. @returns what is still there afterwards */
export async function sweptByNextRun(sandbox: Sandbox): Promise<string[]> {
  const subject = startBench({ sandbox, ground: {}, env: {} });
  await subject.said(/ starts$/m);
  subject.kill('SIGINT');
  await subject.ended;
  return describeRemains(await remainsOf(subject, sandbox));
}

/**
 * Long after a run, the janitor comes.
 *
 * @returns the stacks that the run left, and what was wrong with them or is still there
 */
export async function sweptByJanitor(aws: AwsDouble, { cleanedBy }: Expected) {
  aws.disturbance = {};
  const { clients } = aws;
  const stacks = await stacksIn(aws);
  const untagged = stacks.filter(({ Tags = [] }) =>
    Object.values(TAGS).some((tag) => !Tags.some(({ Key, Value }) => Key === tag && Value)),
  );
  const beat = { repository: CALLER.GITHUB_REPOSITORY, run: null, now: new Date(Date.now() + 7 * 3_600_000) };
  await sweep(clients, await inspect(clients.cloudformation, beat), { progress: silent, pollMs: 50 });
  return {
    stacks: stacks.map(({ StackName = '' }) =>
      StackName.endsWith('-packages') ? 'packages stack' : 'stack',
    ),
    uncleaned: [
      ...untagged.map(({ StackName }) => `${StackName} without the tags of a run`),
      ...(cleanedBy?.includes('the janitor') ? [] : stacks.map(({ StackName }) => `${StackName}`)),
      ...(await left(clients)).filter((what) => !REMADE.test(what)),
    ],
  };
}

/** ministack makes a deleted one again for an invocation under way; on AWS the functions' role may not (`stacks/`). */
const REMADE = /^log group /;

async function stacksIn({ clients: { cloudformation: client } }: AwsDouble): Promise<Stack[]> {
  const found: Stack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) found.push(...Stacks);
  return found.filter(
    ({ StackName, StackStatus }) => StackName?.startsWith(PREFIX) && StackStatus !== 'DELETE_COMPLETE',
  );
}
