import { afterAll, expect, it, vi } from 'vitest';
import { silent } from '../../progress.ts';
import { artifact, localTools } from './fixture.ts';

const tools = await localTools();
const platform = process.platform;
afterAll(() => {
  Object.defineProperty(process, 'platform', { value: platform });
});

it('a system without cgroups, systemd and /proc runs functions, and the report says what it lacks', async () => {
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  vi.resetModules();
  const { localCloud } = await import('./local.ts');
  const { listensOn } = await import('./listener.ts');
  expect(listensOn(process.pid, 1)).toBeNull();
  await using code = await artifact({});
  await using deployment = await localCloud({ tools, progress: silent }).deploy([code]);
  expect((await fetch(deployment.endpoints.get('noop')!)).status).toBe(200);
  const { target } = deployment;
  expect(target.limits).toBe('CPU not limited; memory not limited');
  expect(target.warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['cpu-not-limited', 'no-function-metrics']),
  );
  const [invocation] = await deployment.invocations({ fromMs: 0, toMs: Number.POSITIVE_INFINITY });
  expect(invocation).toMatchObject({ cpuMs: null, maxMemoryUsedMb: 0 });
});
