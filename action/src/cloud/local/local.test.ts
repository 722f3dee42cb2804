import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../errors.ts';
import type { Variant } from '../../model.ts';
import { silent } from '../../progress.ts';
import type { Deployment } from '../cloud.ts';
import { artifact, localTools } from './fixture.ts';
import { type LocalCloudOptions, localCloud } from './local.ts';

const tools = await localTools();
const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

async function deployed(variant: Partial<Variant> = {}, options: Partial<LocalCloudOptions> = {}) {
  await using code = await artifact(variant);
  const deployment = await localCloud({ tools, progress: silent, ...options }).deploy([code]);
  return {
    deployment,
    get: (path: string) => fetch(`${deployment.endpoints.get('noop')}${path}`),
    [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose](),
  };
}

const pid = (response: Response) => Number(response.headers.get('x-pid'));
const alive = (id: number) => existsSync(`/proc/${id}/fd`);
const records = (deployment: Deployment) => deployment.invocations(always);

/** What this test process has made and not removed. */
async function leftovers() {
  const mine = `lambda-duel-${process.pid}-`;
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(mine));
  const cpu = '/sys/fs/cgroup/cpu';
  const groups = existsSync(cpu) ? (await readdir(cpu)).filter((name) => name.startsWith(mine)) : [];
  return [...folders, ...groups, ...(await children())];
}

async function children(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  return stats.filter((stat) => stat.split(') ')[1]?.split(' ')[1] === String(process.pid));
}

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

describe('reports', () => {
  it('tell init in the first invocation of an environment only, and bill it there', async () => {
    await using cloud = await deployed();
    await cloud.get('');
    await cloud.get('');
    const [first, second] = await records(cloud.deployment);
    expect(first?.initDurationMs).toBeGreaterThan(0);
    expect(first?.billedDurationMs).toBe(
      Math.ceil((first?.durationMs as number) + (first?.initDurationMs as number)),
    );
    expect(second).toMatchObject({ status: 'success', errorType: null, initDurationMs: null });
    expect(second?.environmentId).toBe(first?.environmentId);
  });

  it('carry the request id that the client got', async () => {
    await using cloud = await deployed();
    const answer = await cloud.get('');
    const [record] = await records(cloud.deployment);
    expect(record?.requestId).toBe(answer.headers.get('x-amzn-requestid'));
  });

  it.runIf(process.platform === 'linux')('tell CPU time and memory', async () => {
    await using cloud = await deployed();
    await cloud.get('');
    await cloud.get('grow');
    const [small, big] = await records(cloud.deployment);
    expect(small?.cpuMs).toBeGreaterThan(0);
    expect(big?.cpuMs).toBeGreaterThan(small?.cpuMs as number);
    expect(big?.maxMemoryUsedMb).toBeGreaterThan((small?.maxMemoryUsedMb as number) + 180);
  });

  it('are given by time', async () => {
    await using cloud = await deployed();
    await cloud.get('');
    await sleep(5);
    const between = Date.now();
    await sleep(5);
    await cloud.get('plain');
    expect(await cloud.deployment.invocations({ fromMs: between, toMs: Date.now() + 1 })).toHaveLength(1);
  });
});

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

describe('deployment', () => {
  it('names the variant whose init fails, with its last words', async () => {
    await expect(deployed({ environment: { INIT: 'exit' } })).rejects.toThrow(
      /variant `noop` does not start: Runtime.ExitError: .*exit status 7\nthe bucket has a hole/,
    );
    await expect(deployed({ environment: { INIT: 'error' } })).rejects.toThrow(/Init.Bad: no such module/);
    expect(await leftovers()).toEqual([]);
  });

  it('gives up on an init that does not end', async () => {
    const hanging = deployed({ environment: { INIT: 'hang' } }, { initTimeoutSeconds: 0.5 });
    await expect(hanging).rejects.toThrow(/Sandbox.Timedout/);
  });

  it('says which runtimes there are', async () => {
    await expect(deployed({ runtime: 'ruby3.4' })).rejects.toThrow(/no runtime `ruby3.4`; it has python3/);
  });

  it('says that it does not emulate another architecture', async () => {
    const other = process.arch === 'arm64' ? 'x86_64' : 'arm64';
    await using cloud = await deployed({ architecture: other });
    expect(cloud.deployment.target.warnings.map(({ code }) => code)).toContain('architecture-not-emulated');
  });

  it('runs Python by its real runtime client', async () => {
    const source =
      'def handler(event, context):\n  return {"statusCode": 201, "body": context.function_name}\n';
    await using code = await artifact({
      file: 'app.py',
      source,
      handler: 'app.handler',
      runtime: 'python3.13',
    });
    await using deployment = await localCloud({ tools, progress: silent }).deploy([code]);
    const answer = await fetch(deployment.endpoints.get('noop') as string);
    expect([answer.status, await answer.text()]).toEqual([201, 'noop']);
    expect(deployment.target.tools).toHaveProperty('python');
  });

  it('leaks nothing of our own environment to functions', async () => {
    process.env.A_SECRET = 'hush';
    await using cloud = await deployed({ environment: { EXTRA: '1' } });
    const env = (await (await cloud.get('env')).json()) as Record<string, string>;
    expect(env).toMatchObject({
      EXTRA: '1',
      AWS_LAMBDA_FUNCTION_NAME: 'noop',
      S3_BUCKET_NAME: expect.any(String),
    });
    expect(env).not.toHaveProperty('A_SECRET');
  });

  it('replaces environments: new ids, and the old processes are gone', async () => {
    await using cloud = await deployed();
    const old = await Promise.all([1, 2].map(() => cloud.get('sleep?ms=1500')));
    const inFlight = cloud.get('sleep?ms=200');
    await sleep(50);
    await cloud.deployment.freshEnvironments('noop');
    expect(old.map(pid).filter(alive)).toEqual([]);
    expect((await inFlight).status).toBe(200);
    await cloud.get('');
    const ids = (await records(cloud.deployment)).map(({ environmentId }) => environmentId);
    expect(new Set(ids).size).toBe(3);
    expect(ids.indexOf(ids.at(-1) as string)).toBe(ids.length - 1);
  });

  it('goes on when S3 dies, and warns', async () => {
    await using cloud = await deployed();
    expect((await cloud.get('s3')).status).toBe(200);
    const server = (await children()).find((stat) => stat.includes('(gofakes3)'));
    process.kill(Number.parseInt(server as string, 10), 'SIGKILL');
    await expect
      .poll(() => cloud.deployment.target.warnings.map(({ code }) => code))
      .toContain('server-died');
    expect((await cloud.get('s3')).status).toBe(502);
    expect((await cloud.get('')).status).toBe(200);
  });

  it('leaves no process, group or folder, and may be disposed of twice', async () => {
    const cloud = await deployed();
    const busy = cloud.get('sleep?ms=4000').catch(() => 'cut');
    await sleep(100);
    expect(await leftovers()).not.toEqual([]);
    await cloud.deployment[Symbol.asyncDispose]();
    await cloud.deployment[Symbol.asyncDispose]();
    expect(await leftovers()).toEqual([]);
    await busy;
  });

  it.each([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 40, 150])(
    'leaves nothing when interrupted after %i ms of deploying',
    async (ms) => {
      const controller = new AbortController();
      const pending = deployed({ environment: { INIT: 'hang' } }, { signal: controller.signal });
      setTimeout(() => controller.abort(new InterruptedError('Stopped.', 'Start again.')), ms);
      await expect(pending).rejects.toThrow(InterruptedError);
      expect(await leftovers()).toEqual([]);
    },
  );
});
