import { describe, expect, it } from 'vitest';
import { deployed, pid, records } from './fixture.ts';

describe('a function that fails', () => {
  it('by exceeding its timeout is killed, as Lambda does and says', async () => {
    await using cloud = await deployed({ timeoutSeconds: 1 });
    const answer = await cloud.get('sleep?ms=5000');
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
    });
    expect((await cloud.get('')).status).toBe(200);
    expect((await records(cloud.deployment)).map(({ status }) => status)).toEqual(['timeout', 'success']);
  });

  it('by exiting in the middle fails the request, and the next one gets a new environment', async () => {
    await using cloud = await deployed();
    const before = pid(await cloud.get(''));
    const crash = await cloud.get('crash');
    expect(await crash.json()).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 3'),
    });
    expect(pid(await cloud.get(''))).not.toBe(before);
  });

  it('by throwing keeps its environment', async () => {
    await using cloud = await deployed();
    const before = pid(await cloud.get(''));
    const answer = await cloud.get('throw');
    expect([answer.status, await answer.json()]).toEqual([
      502,
      { errorType: 'TypeError', errorMessage: 'no good' },
    ]);
    expect(pid(await cloud.get(''))).toBe(before);
  });

  it.runIf(process.platform === 'linux').each(['grow', 'grow-and-wait'])(
    'by exceeding its memory (%s) is killed',
    async (path) => {
      await using cloud = await deployed({ memoryMb: 128 });
      const answer = await cloud.get(path);
      expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([502, 'Runtime.OutOfMemory']);
      const [record] = await records(cloud.deployment);
      expect(record).toMatchObject({ status: 'error', errorType: 'Runtime.OutOfMemory' });
    },
  );

  it.each(['rubbish', 'bad-status', 'bad-header', 'huge'])(
    'by a response that is none (%s) is a 502',
    async (path) => {
      await using cloud = await deployed();
      expect((await cloud.get(path)).status).toBe(502);
      expect((await cloud.get('')).status).toBe(200);
    },
  );

  it('in init, later than at deployment, fails requests at once and is not started again and again', async () => {
    await using cloud = await deployed({ environment: { INIT: 'once' } });
    const first = await cloud.get('');
    expect(await first.json()).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 9'),
    });
    const rest = await Promise.all(Array.from({ length: 50 }, () => cloud.get('')));
    expect(rest.every(({ status }) => status === 502)).toBe(true);
    expect(await records(cloud.deployment)).toHaveLength(1);
  });
});
