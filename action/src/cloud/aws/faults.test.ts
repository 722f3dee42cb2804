import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clientsOf,
  emulator,
  left,
  Packages,
  runOptions,
  synth,
} from '../../../test/aws/emulated-account.ts';
import type { Ministack } from '../../../test/aws/ministack.ts';
import { bucketOf, forward, strictDeletion } from '../../../test/aws/strict-deletion.ts';
import { InterruptedError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import { untilActive } from './active.ts';
import type { AwsClients } from './clients.ts';
import { startStack } from './create-stack.ts';
import { deployRun } from './deploy.ts';
import { json, standIn } from './fixture.ts';
import type { SynthCommand } from './synth.ts';
import { deleteRun, destroyRun, findStack } from './teardown.ts';

let ministack: Ministack;
let clients: AwsClients;
const packages = new Packages();
const artifacts = [packages.python('fast'), packages.python('slow')];

beforeAll(async () => {
  ministack = await emulator();
  clients = clientsOf(ministack.endpoint);
});
afterAll(async () => {
  packages[Symbol.dispose]();
  await ministack[Symbol.asyncDispose]();
});

const options = (runId: string) => runOptions(clients, runId);
const watch = { progress: { line() {} }, pollMs: 50 };

/** Aborts as soon as a progress line matches. */
function cancelAt(pattern: RegExp) {
  const controller = new AbortController();
  const lines: string[] = [];
  const progress: Progress = {
    line(_scope, message) {
      lines.push(message);
      if (pattern.test(message)) controller.abort(new InterruptedError('Interrupted.', 'Run again.'));
    },
  };
  return { signal: controller.signal, progress, lines };
}

describe('a stack that is there already', () => {
  it('is named, and is left alone', async () => {
    await using _first = await deployRun(artifacts, options('twice'));
    const second = deployRun(artifacts, options('twice'));
    await expect(second).rejects.toThrow(
      expect.objectContaining({
        message: 'A stack named lambda-duel-twice-packages exists already.',
        remedy: expect.stringContaining('npm run janitor'),
      }),
    );
    expect((await findStack(clients.cloudformation, 'lambda-duel-twice'))?.StackStatus).toBe(
      'CREATE_COMPLETE',
    );
  });
});

describe('a stack that fails', () => {
  it('is told by the first failure and in AWS’s words, and leaves nothing behind', async () => {
    const given = { ...options('unlayered'), synth: withMissingLayer() };
    await expect(deployRun(artifacts, given)).rejects.toThrow(
      /^Stack lambda-duel-unlayered failed: AWS::Lambda::Function fastFunction\w+: .*layer/,
    );
    expect(await left(clients)).toEqual([]);
  });

  it('is not even started when it cannot be synthesized', async () => {
    const variant = { ...artifacts[0]!.variant, environment: { AWS_REGION: 'eu-west-1' } };
    await expect(deployRun([{ ...artifacts[0]!, variant }], options('reserved'))).rejects.toThrow(
      /^The stacks could not be synthesized: .*AWS_REGION environment variable is reserved/,
    );
    expect(await left(clients)).toEqual([]);
  });
});

describe('a bucket that is not empty', () => {
  const strict = async (onDelete?: (bucket: string) => Promise<void>) => {
    const server = await strictDeletion(ministack.endpoint, onDelete);
    const { cloudformation } = clientsOf(server.url);
    return { ...clients, cloudformation, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  };

  it('keeps a stack that was deleted in a hurry, until it is emptied', async () => {
    await using aws = await strict();
    await deployRun(artifacts, { ...options('hurried'), clients: aws });
    await fill('lambda-duel-hurried');
    await deleteRun(aws, 'hurried');
    const kept = await findStack(aws.cloudformation, 'lambda-duel-hurried');
    expect(kept?.StackStatus).toBe('DELETE_FAILED');
    await destroyRun(aws, 'hurried', watch);
    expect(await left(clients)).toEqual([]);
  });

  it('is emptied again when a function fills it meanwhile', async () => {
    let writes = 2;
    await using aws = await strict(async (bucket) => {
      if (writes-- > 0) await put(bucket);
    });
    await deployRun(artifacts, { ...options('refilled'), clients: aws });
    await destroyRun(aws, 'refilled', watch);
    expect(writes).toBeLessThan(0);
    expect(await left(clients)).toEqual([]);
  });

  it('is named when it never ends', async () => {
    await using aws = await strict(put);
    await deployRun(artifacts, { ...options('endless'), clients: aws });
    await expect(destroyRun(aws, 'endless', watch)).rejects.toThrow(
      /^Stack lambda-duel-endless was not deleted after 4 tries: Bucket\w+: The bucket you tried to delete is not empty/,
    );
    await destroyRun(clients, 'endless', watch);
  });

  it('does not matter to whom there is nothing to delete', async () => {
    await deleteRun(clients, 'never-was');
    await destroyRun(clients, 'never-was', watch);
  });
});

describe('a function stuck in Pending', () => {
  it('is given up, with AWS’s reason', async () => {
    // GetFunctionConfiguration's response, by the Lambda API reference.
    await using lambda = await standIn(() =>
      json({ State: 'Pending', StateReasonCode: 'Creating', StateReason: 'The function is being created.' }),
    );
    const stuck = untilActive(clientsOf(lambda.url).lambda, 'slow', { pollMs: 10, patienceMs: 50 });
    await expect(stuck).rejects.toThrow(
      'Function slow is Pending and cannot be invoked (Creating: The function is being created.).',
    );
    expect(lambda.seen.length).toBeGreaterThan(1);
  });

  it('is waited for while there is patience', async () => {
    await using lambda = await standIn((_, nth) => json({ State: nth < 3 ? 'Pending' : 'Active' }));
    await untilActive(clientsOf(lambda.url).lambda, 'slow', { pollMs: 10 });
    expect(lambda.seen).toHaveLength(3);
  });
});

describe('an API that throttles', () => {
  it('is asked again', async () => {
    // Every third request is refused as CloudFormation's API reference, "Common errors", has it.
    await using throttling = await standIn(async (request, nth) => {
      if (nth % 3 === 0) return { status: 400, body: THROTTLED };
      return forward(ministack.endpoint, request);
    });
    const { cloudformation } = clientsOf(throttling.url);
    const run = await deployRun(artifacts, {
      ...options('throttled'),
      clients: { ...clients, cloudformation },
    });
    await run[Symbol.asyncDispose]();
    expect(throttling.seen.length).toBeGreaterThan(6);
    expect(await left(clients)).toEqual([]);
  });
});

describe('an answer that is lost', () => {
  it('does not make a stack that was begun look like somebody else’s', async () => {
    // The connection breaks after CloudFormation got the first request; what it does with the token is by its API reference.
    const answered =
      '<CreateStackResponse><CreateStackResult><StackId>arn:one</StackId></CreateStackResult></CreateStackResponse>';
    await using losing = await standIn((_, nth) => (nth === 1 ? { status: 503 } : { body: answered }));
    const request = { name: 'lambda-duel-lost', template: '{}', tags: {}, role: null };
    expect(await startStack(clientsOf(losing.url).cloudformation, request)).toBe('arn:one');
    const tokens = losing.seen.map(({ body }) => new URLSearchParams(body).get('ClientRequestToken'));
    expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), tokens[0]]);
  });
});

const THROTTLED =
  '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';

describe('a run that is cancelled', () => {
  it.each([
    ['while its packages stack is created', /CREATE_IN_PROGRESS .* lambda-duel-cancel-\d-packages/],
    ['while its benchmark stack is created', /CREATE_IN_PROGRESS .*AWS::DynamoDB::Table/],
  ])('%s leaves nothing behind', async (_, moment) => {
    const cancelled = cancelAt(moment);
    const runId = `cancel-${cancels++}`;
    await expect(deployRun(artifacts, { ...options(runId), ...cancelled })).rejects.toThrow('Interrupted.');
    expect(cancelled.lines.some((line) => moment.test(line))).toBe(true);
    expect(await left(clients)).toEqual([]);
  });

  it('under load leaves nothing behind, though the first deletion fails on its bucket', async () => {
    const cancelled = cancelAt(/never/);
    const controller = new AbortController();
    const run = await deployRun(artifacts, { ...options('loaded'), ...cancelled, signal: controller.signal });
    await fill('lambda-duel-loaded');
    controller.abort();
    await run[Symbol.asyncDispose]();
    expect(await left(clients)).toEqual([]);
  });

  it('while it is being deleted is deleted all the same', async () => {
    const cancelled = cancelAt(/objects deleted/);
    const run = await deployRun(artifacts, { ...options('late'), ...cancelled });
    await fill('lambda-duel-late');
    await run[Symbol.asyncDispose]();
    expect(cancelled.signal.aborted).toBe(true);
    expect(await left(clients)).toEqual([]);
  });
});

let cancels = 0;

/** The templates as they are, with a layer that is not there in every function. */
function withMissingLayer(): SynthCommand {
  const real = synth.map((word) => `'${word}'`).join(' ');
  const layers = String.raw`\\"Layers\\":[\\"arn:aws:lambda:us-east-1:000000000000:layer:none:1\\"],`;
  return ['/bin/sh', '-c', String.raw`${real} | sed 's/\\"MemorySize\\"/${layers}&/g'`];
}

/** Puts an object into the stack's bucket, as a function would. */
async function fill(stack: string): Promise<void> {
  await put((await bucketOf(clients, stack))!);
}

async function put(bucket: string): Promise<void> {
  await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'object', Body: 'object' }));
}
