import { describe, expect, it } from 'vitest';
import { DeployError } from '../../errors.ts';
import { awsClients } from './clients.ts';
import { fitConcurrency } from './concurrency.ts';
import { json, jsonError, type Reply, STATIC, standIn } from './fixture.ts';

const NEED = { environments: 4, rate: 50 };

/** By hand from the Lambda API reference, GetAccountSettings. */
function settings(
  ConcurrentExecutions: number,
  UnreservedConcurrentExecutions = ConcurrentExecutions,
): Reply {
  return json({
    AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions, TotalCodeSize: 80530636800 },
    AccountUsage: { FunctionCount: 4, TotalCodeSize: 9426 },
  });
}

async function fitting(reply: Reply, need = NEED) {
  await using server = await standIn(() => reply);
  const { lambda } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: server.url });
  return await fitConcurrency(lambda, need, 'us-east-1');
}

describe('fitConcurrency', () => {
  it('lets a run pass that fits, in a new account with 10 too', async () => {
    const whole = { environments: 4, warnings: [] };
    expect(await fitting(settings(1000))).toEqual(whole);
    expect(await fitting(settings(10))).toEqual(whole);
  });

  it('opens slots with what there is, and warns with the numbers and the quota', async () => {
    const { environments, warnings } = await fitting(settings(10), { environments: 40, rate: 50 });
    expect(environments).toBe(10);
    expect(warnings).toMatchObject([
      { code: 'concurrency-limit', data: { asked: 40, environments: 10, total: 10, region: 'us-east-1' } },
    ]);
    expect(warnings[0]?.message).toContain('L-B99A9384');
  });

  it('counts what other functions have reserved', async () => {
    const error = await fitting(settings(1000, 6)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DeployError);
    expect(error.message).toBe(
      'This account may run 6 unreserved of 1000 concurrent Lambda executions in us-east-1; windows of 50 requests a second need 10.',
    );
    expect(error.remedy).toContain('--quota-code L-B99A9384');
    expect(error.remedy).toContain('set load.rate to 30 or less');
  });

  it('has no lower rate to offer where nothing is left', async () => {
    const error = await fitting(settings(1000, 0)).catch((thrown) => thrown);
    expect(error.remedy).not.toContain('load.rate');
  });

  it('goes on with a warning where Lambda does not tell', async () => {
    expect(await fitting(json({}))).toMatchObject({
      environments: 4,
      warnings: [{ code: 'concurrency-unknown' }],
    });
  });

  it('names the statement to add when the question is denied', async () => {
    await expect(fitting(jsonError(403, 'AccessDeniedException', 'no'))).rejects.toMatchObject({
      remedy: expect.stringContaining('lambda:GetAccountSettings'),
    });
  });
});
