import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Answer } from './execution.ts';
import { deployed, pid, records } from './fixture.ts';
import { type Limits, openRoom } from './limits.ts';
import { FunctionPool } from './pool.ts';

describe('scaling', () => {
  it('gives each of several concurrent requests an environment of its own', async () => {
    await using cloud = await deployed();
    const answers = await Promise.all([1, 2, 3, 4].map(() => cloud.get('sleep?ms=1500')));
    expect(new Set(answers.map(pid)).size).toBe(4);
  });

  it('goes on scaling out to all concurrent requests when more wait than may start at a time', async () => {
    await using cloud = await deployed();
    const concurrent = Array.from({ length: 4 * availableParallelism() }, () => cloud.get('sleep?ms=1500'));
    const answers = await Promise.all(concurrent);
    expect(new Set(answers.map(pid)).size).toBe(concurrent.length);
  });

  it('serves sequential requests by one environment', async () => {
    await using cloud = await deployed();
    const pids = new Set<number>();
    for (let i = 0; i < 20; i++) pids.add(pid(await cloud.get('')));
    expect(pids.size).toBe(1);
  });

  it('lets all environments of a burst share the load that follows', async () => {
    await using cloud = await deployed();
    const burst = await Promise.all([1, 2, 3].map(() => cloud.get('sleep?ms=1500')));
    const after = new Set<number>();
    for (let i = 0; i < 6; i++) after.add(pid(await cloud.get('')));
    expect(after).toEqual(new Set(burst.map(pid)));
  });

  it('throttles what exceeds the concurrency limit', async () => {
    await using cloud = await deployed({}, { maxConcurrency: 2 });
    const answers = await Promise.all([1, 2, 3].map(() => cloud.get('sleep?ms=1500')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    const throttled = answers.find(({ status }) => status === 429);
    expect(throttled?.headers.get('x-amzn-errortype')).toBe('TooManyRequestsException');
    expect(await records(cloud.deployment)).toHaveLength(2);
  });

  it('serves by another environment while one lingers after its response', async () => {
    await using cloud = await deployed();
    const first = pid(await cloud.get('linger'));
    expect(pid(await cloud.get(''))).not.toBe(first);
  });
});

/** A pool without a cloud around it. */
async function poolOf(script: string, enclose: Limits['enclose'] = () => openRoom) {
  const taskRoot = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
  const command = ['node', '-e', script];
  const numbers = { memoryMb: 512, timeoutSeconds: 10, initTimeoutSeconds: 10 };
  const spec = { name: 'f', arn: '', command, taskRoot, env: { PATH: process.env.PATH ?? '' } };
  const limits: Limits = { description: '', warnings: [], enclose, async dispose() {} };
  const maxConcurrency = Number.POSITIVE_INFINITY;
  const pool = new FunctionPool({ spec: { ...spec, ...numbers }, limits, maxConcurrency, report() {} });
  return {
    pool,
    taskRoot,
    invoke: (requestId: string) =>
      new Promise<Answer>((resolve) => {
        pool.invoke(requestId, '{}', resolve);
      }),
    async [Symbol.asyncDispose]() {
      await pool.close();
      await rm(taskRoot, { recursive: true });
    },
  };
}

const CLIENT = `
  const { existsSync, writeFileSync } = require('node:fs');
  const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
  const next = async () => (await fetch(api + 'next')).headers.get('lambda-runtime-aws-request-id');
  const serve = async () => {
    for (;;) await fetch(api + (await next()) + '/response', { method: 'POST', body: '{}' });
  };`;

it('gives no request to a process that ended while it was idle and is being cleared away', async () => {
  let clear = () => {};
  const cleared = new Promise<void>((resolve) => {
    clear = resolve;
  });
  const dispose = vi.fn(() => cleared);
  const script = `${CLIENT} writeFileSync('pid', String(process.pid)); serve();`;
  await using tried = await poolOf(script, () => ({ ...openRoom, dispose }));
  expect(await tried.pool.tryInit()).toBeNull();
  process.kill(Number(await readFile(join(tried.taskRoot, 'pid'), 'utf8')), 'SIGKILL');
  await vi.waitFor(() => expect(dispose).toHaveBeenCalled(), 5000);

  expect(await tried.invoke('one')).toMatchObject({ ok: true });
  clear();
});

describe('requests that waited when environments were replaced', () => {
  const startingLimit = 2 * availableParallelism();
  /** One more than may start at a time, so that one of them waits for an environment that serves another first. */
  const late = Array.from({ length: startingLimit + 1 }, (_, nth) => `late ${nth}`);

  it('are all answered, though the environments crash in the first of them', async () => {
    await using tried = await poolOf(`${CLIENT} next().then(() => process.exit(1));`);
    const answers = late.map(tried.invoke);
    await tried.pool.freshEnvironments();
    for (const answer of await Promise.all(answers))
      expect(answer).toMatchObject({ ok: false, fault: { errorType: 'Runtime.ExitError' } });
  });

  it('all fail when no environment that they waited for can start, though a new one can', async () => {
    const script = `${CLIENT}
      if (Number(process.env.NTH) >= ${startingLimit}) serve();
      else setInterval(() => { if (existsSync('fail')) process.exit(9); }, 10);`;
    let starts = 0;
    await using tried = await poolOf(script, () => ({ ...openRoom, enter: `export NTH=${starts++}` }));
    const answers = late.map(tried.invoke);
    await tried.pool.freshEnvironments();
    const served = tried.invoke('new');
    await writeFile(join(tried.taskRoot, 'fail'), '');

    for (const answer of await Promise.all(answers))
      expect(answer).toMatchObject({ ok: false, fault: { errorType: 'Runtime.ExitError' } });
    expect(await served).toMatchObject({ ok: true });
  });
});
