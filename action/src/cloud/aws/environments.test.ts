import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { awsClients } from './clients.ts';
import { replaceEnvironments } from './environments.ts';
import { json, jsonError, type Reply, type Seen, STATIC, standIn } from './fixture.ts';

/**
 * Lambda by hand, from its API reference (GetFunctionConfiguration, UpdateFunctionConfiguration): an update is
 * accepted at once, shows in reads `lag` reads later, and ends after `takes` more. ministack has no such delays.
 */
function lambdaByHand({ lag = 1, takes = 2, refuse = [] as (Reply | null)[] } = {}) {
  let revision = 1;
  let variables: Record<string, string> = { S3_BUCKET_NAME: 'bucket' };
  let shown: Partial<FunctionConfiguration> = { State: 'Active', LastUpdateStatus: 'Successful' };
  let readsLeft = { old: 0, inProgress: 0 };
  let next = { revision, variables };
  const state = { ended: false };
  const read = (): Reply => {
    if (readsLeft.old-- > 0) return configuration();
    ({ revision, variables } = next);
    state.ended = readsLeft.inProgress-- <= 0;
    return configuration(state.ended ? {} : { LastUpdateStatus: 'InProgress' });
  };
  const configuration = (fields: Partial<FunctionConfiguration> = {}) =>
    json({ RevisionId: `r${revision}`, Environment: { Variables: variables }, ...shown, ...fields });
  const update = ({ body }: Seen): Reply => {
    const asked = JSON.parse(body);
    if (asked.RevisionId !== `r${revision}`) return jsonError(412, 'PreconditionFailedException');
    next = { revision: revision + 1, variables: asked.Environment.Variables };
    readsLeft = { old: lag, inProgress: takes };
    state.ended = false;
    return configuration({ LastUpdateStatus: 'InProgress' });
  };
  return {
    state,
    variables: () => variables,
    show: (fields: Partial<FunctionConfiguration>) => {
      shown = { ...shown, ...fields };
    },
    answer: (request: Seen): Reply => refuse.shift() ?? (request.method === 'PUT' ? update(request) : read()),
  };
}

function means(url: string, fields: object = {}) {
  const { lambda } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: url });
  return { lambda, pollMs: 1, ...fields };
}

describe('replaceEnvironments', () => {
  it('returns only when the update is seen, in a new revision, and has ended', async () => {
    const lambda = lambdaByHand({ lag: 2, takes: 3 });
    await using server = await standIn(lambda.answer);
    await replaceEnvironments('duel-a', means(server.url));
    expect(lambda.state.ended).toBe(true);
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /2015-03-31/functions/duel-a/configuration',
      'PUT /2015-03-31/functions/duel-a/configuration',
      ...Array(6).fill('GET /2015-03-31/functions/duel-a/configuration'),
    ]);
  });

  it('keeps the function’s own variables and changes its own every time', async () => {
    const lambda = lambdaByHand();
    await using server = await standIn(lambda.answer);
    await replaceEnvironments('duel-a', means(server.url));
    const first = lambda.variables();
    await replaceEnvironments('duel-a', means(server.url));
    expect(first).toMatchObject({ S3_BUCKET_NAME: 'bucket' });
    expect(lambda.variables()).toMatchObject({ S3_BUCKET_NAME: 'bucket' });
    expect(lambda.variables()).not.toEqual(first);
  });

  it('waits for an update that somebody else’s call left under way', async () => {
    const lambda = lambdaByHand();
    const busy = json({ State: 'Active', LastUpdateStatus: 'InProgress', RevisionId: 'r0' });
    await using server = await standIn((request) => (server.seen.length < 3 ? busy : lambda.answer(request)));
    await replaceEnvironments('duel-a', means(server.url));
    expect(server.seen.findIndex(({ method }) => method === 'PUT')).toBe(3);
  });

  it('gives up on a function that stays Pending, and says what it is doing', async () => {
    const lambda = lambdaByHand();
    lambda.show({ State: 'Pending', StateReason: 'The function is being created.' });
    await using server = await standIn(lambda.answer);
    const error = await replaceEnvironments('duel-a', means(server.url, { patienceMs: 20 })).catch((e) => e);
    expect(error).toBeInstanceOf(DeployError);
    expect(error.message).toBe(
      'Function duel-a did not get new execution environments within 0.02 s (State Pending, LastUpdateStatus Successful: The function is being created.).',
    );
  });

  it('tells Lambda’s reason when the update fails', async () => {
    const lambda = lambdaByHand();
    lambda.show({
      LastUpdateStatus: 'Failed',
      LastUpdateStatusReason: 'The role cannot be assumed.',
      LastUpdateStatusReasonCode: 'InvalidConfiguration',
    });
    await using server = await standIn(lambda.answer);
    await expect(replaceEnvironments('duel-a', means(server.url))).rejects.toThrow(
      'Lambda could not bring up function duel-a: The role cannot be assumed. (InvalidConfiguration).',
    );
  });

  it('tries again when Lambda throttles its API', async () => {
    const throttled = jsonError(429, 'TooManyRequestsException', 'Rate exceeded');
    const lambda = lambdaByHand({ refuse: [throttled, null, throttled] });
    await using server = await standIn(lambda.answer);
    await replaceEnvironments('duel-a', means(server.url));
    expect(lambda.state.ended).toBe(true);
  });

  it.each([
    ['lambda:GetFunctionConfiguration', 'GET'],
    ['lambda:UpdateFunctionConfiguration', 'PUT'],
  ])('names the statement to add when %s is denied', async (action, method) => {
    const lambda = lambdaByHand();
    await using server = await standIn((request) =>
      request.method === method ? jsonError(403, 'AccessDeniedException') : lambda.answer(request),
    );
    await expect(replaceEnvironments('duel-a', means(server.url))).rejects.toMatchObject({
      message: expect.stringContaining(`AWS denied ${action} on `),
      remedy: expect.stringContaining(`"Action":"${action}"`),
    });
  });

  it('says so when somebody else changes the function at the same time', async () => {
    const lambda = lambdaByHand({ refuse: [null, jsonError(412, 'PreconditionFailedException')] });
    await using server = await standIn((request) => {
      if (request.method === 'PUT') lambda.show({ RevisionId: 'theirs' });
      return lambda.answer(request);
    });
    await expect(replaceEnvironments('duel-a', means(server.url))).rejects.toThrow(
      'changed by somebody else during the run (PreconditionFailedException)',
    );
  });

  it('does not take its own update, whose answer was lost, for that of somebody else', async () => {
    const lambda = lambdaByHand({ lag: 2 });
    let updates = 0;
    await using server = await standIn((request) => {
      if (request.method !== 'PUT') return lambda.answer(request);
      if (updates++ > 0) return jsonError(412, 'PreconditionFailedException');
      lambda.answer(request);
      return jsonError(500, 'ServiceException');
    });
    await replaceEnvironments('duel-a', means(server.url));
    expect(updates).toBe(2);
    expect(lambda.state.ended).toBe(true);
  });

  it('ends with the reason of its signal', async () => {
    const lambda = lambdaByHand();
    lambda.show({ State: 'Pending' });
    await using server = await standIn(lambda.answer);
    const controller = new AbortController();
    const replacing = replaceEnvironments('duel-a', means(server.url, { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('cancelled')), 20);
    await expect(replacing).rejects.toThrow('cancelled');
  });
});
