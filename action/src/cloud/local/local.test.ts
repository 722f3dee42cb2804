import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../errors.ts';
import { silent } from '../../progress.ts';
import { artifact, deployed, localTools, pid, records } from './fixture.ts';
import { localCloud } from './local.ts';

const alive = (id: number) => existsSync(`/proc/${id}/fd`);

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
    const tools = await localTools();
    await using deployment = await localCloud({ tools, progress: silent }).deploy([code]);
    const answer = await fetch(deployment.endpoints.get('noop') as string);
    expect([answer.status, await answer.text()]).toEqual([201, 'noop']);
    expect(deployment.target.tools).toHaveProperty('python');
  });

  it('leaks nothing of our own environment to functions', async () => {
    process.env.A_SECRET = 'hush';
    await using cloud = await deployed({ environment: { EXTRA: '1', DYNAMODB_TABLE: 'orders' } });
    const env = (await (await cloud.get('env')).json()) as Record<string, string>;
    expect(env).toMatchObject({
      EXTRA: '1',
      AWS_LAMBDA_FUNCTION_NAME: 'noop',
      S3_BUCKET_NAME: expect.any(String),
    });
    expect(env.DYNAMODB_TABLE).toBe(env.S3_BUCKET_NAME); // both are named after the run
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
