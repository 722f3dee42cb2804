import { afterEach, expect, it, vi } from 'vitest';
import { main } from './janitor.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('says which variable of the repository is missing when a workflow gives it no role', async () => {
  vi.stubEnv('ROLE_TO_ASSUME', '');
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await main(['--region', 'us-east-1', '--repository', 'octo/duel'], { root: '.' })).toBe(2);
  expect(stderr.mock.calls.join()).toContain('BENCH_TEARDOWN_ROLE_ARN');
});
