import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsOf, emulator, left } from '../../../test/aws/emulated-account.ts';
import type { Ministack } from '../../../test/aws/ministack.ts';
import { forward } from '../../../test/aws/strict-deletion.ts';
import { silent } from '../../progress.ts';
import type { AwsClients } from './clients.ts';
import { startStack, untilCreated } from './create-stack.ts';
import { standIn } from './fixture.ts';
import { decide, inspect, sweep } from './janitor.ts';
import { TAGS } from './names.ts';

const DEPLOY_ROLE = 'arn:aws:iam::000000000000:role/duel-setup-deploy';
const now = new Date('2026-11-24T12:00:00Z');
const watch = { progress: silent, pollMs: 20 };
const beat = { repository: 'octo/duel', run: null, now };
const tags = (run: string, repository: string, expires: string) => ({
  [TAGS.run]: run,
  [TAGS.repository]: repository,
  [TAGS.expires]: expires,
});
const tagged = (given: Record<string, string>) => ({
  Tags: Object.entries(given).map(([Key, Value]) => ({ Key, Value })),
});

describe('what the janitor decides', () => {
  it.each([
    [
      'expired',
      tags('1', 'octo/duel', '2026-11-24T11:59:59Z'),
      null,
      true,
      'expired at 2026-11-24T11:59:59Z',
    ],
    [
      'not expired',
      tags('1', 'octo/duel', '2026-11-24T12:00:01Z'),
      null,
      false,
      'expires at 2026-11-24T12:00:01Z',
    ],
    [
      'of another repository',
      tags('1', 'else/where', '2020-01-01T00:00:00Z'),
      null,
      false,
      'belongs to else/where',
    ],
    ['without tags', {}, null, false, 'lacks the tags of a run'],
    [
      'with a broken expiry',
      tags('1', 'octo/duel', 'soon'),
      null,
      false,
      'has an expiry that is no time: soon',
    ],
    [
      'of the run asked for',
      tags('77-1-ab', 'octo/duel', '2030-01-01T00:00:00Z'),
      '77',
      true,
      'is of run 77-1-ab',
    ],
    [
      'of another run',
      tags('778-1-ab', 'octo/duel', '2020-01-01T00:00:00Z'),
      '77',
      false,
      'is of run 778-1-ab',
    ],
  ])('on a stack that is %s', (_, given, run, remove, why) => {
    expect(decide(tagged(given as Record<string, string>), { ...beat, run })).toEqual({ remove, why });
  });
});

describe('the janitor in an emulated account', () => {
  let ministack: Ministack;
  let clients: AwsClients;
  beforeAll(async () => {
    ministack = await emulator();
    clients = clientsOf(ministack.endpoint);
  });
  afterAll(() => ministack[Symbol.asyncDispose]());

  const make = async (name: string, given: Record<string, string>) => {
    const template = JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } });
    const stackId = await startStack(clients.cloudformation, { name, template, tags: given, role: null });
    await untilCreated(clients.cloudformation, { name, stackId }, watch);
  };

  it('deletes what has expired, tells of all else that looks like a run, and looks at nothing else', async () => {
    await make('lambda-duel-old', tags('old', 'octo/duel', '2026-11-24T06:00:00Z'));
    await make('lambda-duel-new', tags('new', 'octo/duel', '2026-11-24T18:00:00Z'));
    await make('lambda-duel-theirs', tags('theirs', 'else/where', '2026-11-24T06:00:00Z'));
    await make('payroll', tags('old', 'octo/duel', '2026-11-24T06:00:00Z'));
    const decisions = await inspect(clients.cloudformation, beat);
    expect(Object.fromEntries(decisions.map(({ stack, remove }) => [stack, remove]))).toEqual({
      'lambda-duel-old': true,
      'lambda-duel-new': false,
      'lambda-duel-theirs': false,
    });
    await sweep(clients, decisions, watch);
    const stacks = (await left(clients)).filter((each) => each.startsWith('stack'));
    expect(stacks.sort()).toEqual(['stack lambda-duel-new', 'stack lambda-duel-theirs', 'stack payroll']);
  });

  it.each([
    ['that a person made with rights of their own, as the role that deploys', '', DEPLOY_ROLE],
    ['that has a role, as that', '<RoleARN>arn:aws:iam::1:role/own</RoleARN>', null],
  ])('deletes a stack %s', async (_, ofStack, role) => {
    await make('lambda-duel-own', tags('own', 'octo/duel', '2026-11-24T06:00:00Z'));
    await using server = await standIn(async (request) => {
      const reply = await forward(ministack.endpoint, request);
      return { ...reply, body: (reply.body ?? '').replaceAll('<StackName>', `${ofStack}<StackName>`) };
    });
    const { cloudformation } = clientsOf(server.url);
    const decision = { stack: 'lambda-duel-own', remove: true, why: 'expired' };
    await sweep({ ...clients, cloudformation }, [decision], { ...watch, deployRole: DEPLOY_ROLE });
    const calls = server.seen.map(({ body }) => new URLSearchParams(body));
    const deletions = calls.filter((call) => call.get('Action') === 'DeleteStack');
    expect(deletions.map((call) => call.get('RoleARN'))).toEqual([role]);
    expect(await left(clients)).not.toContain('stack lambda-duel-own');
  });

  it('finds nothing to do the second time', async () => {
    const decisions = await inspect(clients.cloudformation, beat);
    expect(decisions.filter(({ remove }) => remove)).toEqual([]);
  });
});
