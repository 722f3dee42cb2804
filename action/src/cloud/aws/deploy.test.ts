import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsOf, emulator, left, Packages, runOptions } from '../../../test/aws/emulated-account.ts';
import type { Ministack } from '../../../test/aws/ministack.ts';
import { bucketOf } from '../../../test/aws/strict-deletion.ts';
import type { AwsClients } from './clients.ts';
import { deployRun } from './deploy.ts';
import { emulatedUrl } from './emulator.ts';
import { findStack } from './teardown.ts';

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

describe('a run deployed to an emulated AWS', () => {
  it('has a function for every variant with the run’s storage, whose URL refuses who does not sign', async () => {
    await using run = await deployRun(artifacts, runOptions(clients, 'answers'));
    for (const [variant, { name, url }] of run.functions) {
      const { Payload } = await clients.lambda.send(new InvokeCommand({ FunctionName: name }));
      const answer = JSON.parse(new TextDecoder().decode(Payload));
      expect(JSON.parse(answer.body)).toEqual({
        variant,
        bucket: expect.stringMatching(/^lambda-duel-answers-bucket/),
        table: expect.stringMatching(/^lambda-duel-answers-Table/),
      });
      expect((await fetch(emulatedUrl(ministack.endpoint, url))).status).toBe(403);
    }
  });

  it('may have more functions than fit into a request of CloudFormation, as a sweep has', async () => {
    const many = Array.from({ length: 12 }, (_, index) => packages.python(`cell-${index}`));
    const run = await deployRun(many, { ...runOptions(clients, 'sweep'), alternates: true });
    expect(run.functions.size).toBe(24);
    await run[Symbol.asyncDispose]();
    expect(await left(clients)).toEqual([]);
  });

  it('leaves nothing behind when disposed, though its functions have filled the bucket', async () => {
    const run = await deployRun(artifacts, runOptions(clients, 'filled'));
    const bucket = (await bucketOf(clients, 'lambda-duel-filled'))!;
    // One batch of a deletion is 1000.
    for (let first = 0; first < 1020; first += 34) await putMany(bucket, first, 34);
    await run[Symbol.asyncDispose]();
    expect(await left(clients)).toEqual([]);
  });

  it('is tagged with its run, its repository and its expiry, and so is what is in it', async () => {
    await using run = await deployRun(artifacts, runOptions(clients, 'tagged'));
    const tags = {
      'lambda-duel:run': 'tagged',
      'lambda-duel:repository': 'octo/duel',
      'lambda-duel:expires': '2030-01-01T00:00:00Z',
    };
    for (const name of ['lambda-duel-tagged', 'lambda-duel-tagged-packages']) {
      const stack = await findStack(clients.cloudformation, name);
      expect(Object.fromEntries(stack!.Tags!.map(({ Key, Value }) => [Key, Value]))).toEqual(tags);
    }
    const { Tags } = await clients.lambda.send(
      new GetFunctionCommand({ FunctionName: run.functions.get('fast')!.name }),
    );
    expect(Tags).toMatchObject(tags);
  });
});

async function putMany(bucket: string, first: number, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, index) => `object-${first + index}`);
  await Promise.all(
    keys.map((Key) => clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }))),
  );
}
