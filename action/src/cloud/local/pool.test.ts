import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { deployed, pid, records } from './fixture.ts';

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
