import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Environment } from './environment.ts';
import type { Answer } from './execution.ts';
import { deployed, pid, records } from './fixture.ts';
import { openRoom } from './limits.ts';

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

/** Renamed when it is whole, so that whoever sees it can read it. */
const TELLS_ITS_API = `const { renameSync, writeFileSync } = require('node:fs');
  writeFileSync('part', process.env.AWS_LAMBDA_RUNTIME_API); renameSync('part', 'api'); setInterval(() => {}, 1000);`;

it('a process that is gone is never idle again, and whoever still speaks for it is hung up on', async () => {
  const taskRoot = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
  const observer = { idle: vi.fn(), report: vi.fn(), gone: vi.fn() };
  const command = ['node', '-e', TELLS_ITS_API];
  const limits = { memoryMb: 512, timeoutSeconds: 5, initTimeoutSeconds: 5 };
  const spec = { name: 'late', arn: '', command, taskRoot, env: { PATH: process.env.PATH ?? '' }, ...limits };
  const environment = new Environment('late', spec, openRoom, observer);
  await vi.waitFor(() => expect(existsSync(join(taskRoot, 'api'))).toBe(true), 5000);
  const port = Number((await readFile(join(taskRoot, 'api'), 'utf8')).split(':')[1]);
  // What the function left behind holds such a connection, too.
  const late = connect(port, '127.0.0.1').on('error', () => {});
  await once(late, 'connect');
  const hungUp = once(late, 'close', { signal: AbortSignal.timeout(5000) });

  await environment.end();
  late.write('GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n');
  await hungUp;
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');

  expect([environment.state, observer.idle.mock.calls.length]).toEqual(['gone', 0]);
  await rm(taskRoot, { recursive: true });
});

/** Asks for the next event again while it waits for one, and when it has got one, and then says what it was told. */
const ASKS_AGAIN = `const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
  const next = async () => (await fetch(api + 'next')).headers.get('lambda-runtime-aws-request-id');
  next();
  setTimeout(async () => {
    const told = [await next(), await next()];
    await fetch(api + told[0] + '/response', { method: 'POST', body: JSON.stringify(told) });
  }, 100);`;

it('a client that asks again before it has answered is idle once, and is told the same event', async () => {
  const idle = vi.fn();
  const command = ['node', '-e', ASKS_AGAIN];
  const env = { PATH: process.env.PATH ?? '' };
  const limits = { memoryMb: 512, timeoutSeconds: 5, initTimeoutSeconds: 5 };
  const spec = { name: 'asks', arn: '', command, taskRoot: '/', env, ...limits };
  const environment = new Environment('asks', spec, openRoom, { idle, report() {}, gone() {} });
  await vi.waitFor(() => expect(idle).toHaveBeenCalled(), 5000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const answer = await new Promise<Answer>((resolve) => environment.invoke('one', '{}', resolve));
  await environment.end();

  expect(answer.ok && String(answer.body)).toBe('["one","one"]');
  expect(idle).toHaveBeenCalledTimes(1);
});

it('a process that the system refuses leaves no server behind: our own would never end', async () => {
  const servers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  await new Promise((resolve) => setTimeout(resolve, 50)); // for those that are being closed
  const before = servers();
  const gone = vi.fn();
  const env = { PATH: process.env.PATH ?? '', TOO_LONG: 'x'.repeat(4_000_000) };
  const limits = { memoryMb: 512, timeoutSeconds: 5, initTimeoutSeconds: 5 };
  const spec = { name: 'refused', arn: '', command: ['node'], taskRoot: '/', env, ...limits };
  new Environment('refused', spec, openRoom, { idle() {}, report() {}, gone });

  const refusal = { errorMessage: expect.stringContaining('E2BIG') };
  await vi.waitFor(() => expect(gone).toHaveBeenCalledWith(expect.objectContaining(refusal)), 5000);
  await vi.waitFor(() => expect(servers()).toBeLessThanOrEqual(before), 5000);
});
