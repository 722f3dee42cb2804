import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { deployed, records } from './fixture.ts';

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
