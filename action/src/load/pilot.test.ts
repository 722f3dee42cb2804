import { describe, expect, it } from 'vitest';
import { standIn } from '../cloud/aws/fixture.ts';
import type { Deployment, Signer } from '../cloud/cloud.ts';
import { type Answer, scripted } from '../cloud/scripted.ts';
import { DeployError } from '../errors.ts';
import { silent } from '../progress.ts';
import { configOf, QUICK } from './load.fixture.ts';
import { pilot } from './pilot.ts';

const SIGNED: { readonly signer: Signer } = { signer: { headers: async () => ({}) } };

/** What became of a pilot that asks up to three times before it measures, how many requests came, and what it told. */
async function piloted(answer: (nth: number) => Answer, access: Partial<typeof SIGNED> = SIGNED) {
  const lines: string[] = [];
  let requests = 0;
  const counted = (nth: number) => {
    requests = nth;
    return answer(nth);
  };
  await using deployment = await scripted({ a: { ...QUICK, answer: counted } });
  const progress = { line: (_: string, message: string) => void lines.push(message) };
  const means = { progress, signal: new AbortController().signal, waitsMs: [1, 2, 3] };
  const config = configOf(['a'], { environments: 2, warmupInvocations: 0 });
  const outcome = await pilot('a', config, { ...deployment, ...access }, means).catch((error) => error);
  return { outcome, requests, lines };
}

describe('the pilot', () => {
  it('asks a new deployment again that does not let it in yet, and measures afterwards', async () => {
    const { outcome, lines } = await piloted((nth) => [403, 502][nth - 1] ?? 200);
    expect(outcome).toMatchObject({ variant: 'a' });
    expect(outcome.coldMs).toBeGreaterThanOrEqual(QUICK.initMs);
    expect(lines).toEqual([
      'a: HTTP 403, as a new function may answer at first; asking again in 0.001 s',
      'a: HTTP 502, as a new function may answer at first; asking again in 0.002 s',
    ]);
  });

  it('gives up when it is refused for longer than a deployment takes to spread', async () => {
    const { outcome, requests, lines } = await piloted(() => 403);
    expect(outcome).toBeInstanceOf(DeployError);
    expect(outcome.message).toBe('Variant "a" answered HTTP 403, body {}.');
    expect(lines).toHaveLength(3);
    expect(requests).toBe(3 + 2 + 1); // asked; opening burst; warm
  });

  it.each([404, 500, 503])('does not wait for HTTP %i to pass', async (status) => {
    const { outcome, lines } = await piloted(() => status);
    expect(outcome.message).toBe(`Variant "a" answered HTTP ${status}, body {}.`);
    expect(lines).toEqual([]);
  });

  it('takes the answers of open endpoints for the handler’s own', async () => {
    const { outcome, requests, lines } = await piloted(() => 502, {});
    expect(outcome.message).toBe('Variant "a" answered HTTP 502, body {}.');
    expect(requests).toBe(2 + 1);
    expect(lines).toEqual([]);
  });

  it.each([500, 'garbage'] as const)('goes on after one warm request that fails with %s', async (failure) => {
    const { outcome, requests } = await piloted((nth) => (nth === 2 + 1 ? failure : 200), {});
    expect(outcome).toMatchObject({ variant: 'a', p50Ms: expect.any(Number) });
    expect(requests).toBe(2 + 20);
  });

  it('gives up when every warm request fails, although the opening was answered', async () => {
    const { outcome, requests } = await piloted((nth) => (nth > 2 ? 500 : 200), {});
    expect(outcome).toBeInstanceOf(DeployError);
    expect(outcome.message).toBe('Variant "a" answered HTTP 500, body {}.');
    expect(requests).toBe(2 + 20);
  });

  it('follows no redirect, as the load follows none', async () => {
    await using server = await standIn(({ url }) =>
      url === '/' ? { status: 302, headers: { location: '/elsewhere' } } : {},
    );
    const deployment = { endpoints: new Map([['a', server.url]]), freshEnvironments: async () => {} };
    const means = { progress: silent, signal: new AbortController().signal };
    const outcome = pilot('a', configOf(['a']), deployment as unknown as Deployment, means);
    await expect(outcome).rejects.toThrow('Variant "a" answered HTTP 302.');
  });
});
