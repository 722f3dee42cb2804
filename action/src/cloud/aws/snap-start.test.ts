import { describe, expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { awsClients } from './clients.ts';
import { json, jsonError, type Reply, type Seen, STATIC, standIn } from './fixture.ts';
import { moveToNextVersion, publishVersions } from './snap-start.ts';

/**
 * Lambda by hand, from its API reference: of a function that did not change PublishVersion gives the last version again,
 * and a version is Pending before it is what `version` says. The stack has published the first one.
 */
function lambdaByHand(version: object = {}) {
  let revision = 1;
  let variables: Record<string, string> = { S3_BUCKET_NAME: 'bucket' };
  const revisions = [1];
  const looked = new Set<string>();
  const unpublished = () =>
    json({
      ...{ State: 'Active', LastUpdateStatus: 'Successful', RevisionId: `r${revision}` },
      Environment: { Variables: variables },
    });
  const published = (name: string): Reply => {
    const isNew = !looked.has(name);
    looked.add(name);
    if (isNew) return json({ State: 'Pending', StateReasonCode: 'Creating' });
    const SnapStart = { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' };
    return json({ State: 'Active', SnapStart, ...version });
  };
  const publish = (): Reply => {
    if (revisions.at(-1) !== revision) revisions.push(revision);
    return { ...json({ Version: `${revisions.length}` }), status: 201 };
  };
  const change = (body: string): Reply => {
    revision++;
    variables = JSON.parse(body).Environment.Variables;
    return unpublished();
  };
  return {
    revisions,
    answer: ({ method, url, body }: Seen): Reply => {
      const name = new URL(url, 'http://lambda').searchParams.get('Qualifier');
      if (method === 'POST') return publish();
      if (method === 'PUT') return url.includes('/aliases/') ? json(JSON.parse(body)) : change(body);
      return name === null ? unpublished() : published(name);
    },
  };
}

const FUNCTIONS = '/2015-03-31/functions/';

function means(url: string, lines: string[] = []) {
  const { lambda } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: url });
  const progress = { line: (_: string, message: string) => lines.push(message) };
  return { lambda, progress, pollMs: 1 };
}

describe('the versions of a function with SnapStart', () => {
  it('are as many as asked for, that of the stack among them, each of a change of its own', async () => {
    const lambda = lambdaByHand();
    await using server = await standIn(lambda.answer);
    const lines: string[] = [];
    expect(await publishVersions('duel-a', 3, means(server.url, lines))).toEqual(['1', '2', '3']);
    expect(lambda.revisions).toEqual([1, 2, 3]);
    expect(lines.at(-1)).toBe('duel-a: 3 of 3 snapshots are taken');
  });

  it('are waited for one by one until they have their snapshot', async () => {
    await using server = await standIn(lambdaByHand().answer);
    await publishVersions('duel-a', 2, means(server.url));
    const calls = server.seen.map(({ method, url }) => `${method} ${url.slice(FUNCTIONS.length)}`);
    const [publish, look] = ['POST duel-a/versions', 'GET duel-a/configuration'];
    expect(calls).toEqual([
      ...[publish, `${look}?Qualifier=1`, `${look}?Qualifier=1`],
      ...[look, 'PUT duel-a/configuration', look],
      ...[publish, `${look}?Qualifier=2`, `${look}?Qualifier=2`],
    ]);
  });

  it('tell in Lambda’s words why one of them could not be initialised', async () => {
    const StateReason = 'An error occurred during function initialization.';
    const failed = { State: 'Failed', StateReasonCode: 'FunctionError', StateReason };
    await using server = await standIn(lambdaByHand(failed).answer);
    await expect(publishVersions('duel-a', 2, means(server.url))).rejects.toThrow(
      `Function duel-a, version 1, is Failed and cannot be invoked (FunctionError: ${StateReason}).`,
    );
  });

  it('are refused when Lambda took no snapshot: else the name of the variant would be wrong', async () => {
    const off = { SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' } };
    await using server = await standIn(lambdaByHand(off).answer);
    const error = await publishVersions('duel-a', 2, means(server.url)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({
      message: 'Lambda published version 1 of function duel-a without a snapshot (SnapStart Off).',
    });
  });

  it('are used up in their order by moving the alias, and none is used twice', async () => {
    await using server = await standIn(lambdaByHand().answer);
    const { lambda } = means(server.url);
    const unused = ['1', '2'];
    await moveToNextVersion('duel-a', unused, lambda);
    await moveToNextVersion('duel-a', unused, lambda);
    expect(server.seen.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
      [`${FUNCTIONS}duel-a/aliases/live`, { FunctionVersion: '1' }],
      [`${FUNCTIONS}duel-a/aliases/live`, { FunctionVersion: '2' }],
    ]);
    await expect(moveToNextVersion('duel-a', unused, lambda)).rejects.toThrow('no version of duel-a is left');
  });

  it('name the statement to add when publishing or moving is denied', async () => {
    await using server = await standIn(() => jsonError(403, 'AccessDeniedException'));
    await expect(publishVersions('duel-a', 1, means(server.url))).rejects.toMatchObject({
      remedy: expect.stringContaining('"Action":"lambda:PublishVersion"'),
    });
    await expect(moveToNextVersion('duel-a', ['1'], means(server.url).lambda)).rejects.toMatchObject({
      remedy: expect.stringContaining('"Action":"lambda:UpdateAlias"'),
    });
  });
});
