import { describe, expect, it } from 'vitest';
import { awsClients } from './cloud/aws/clients.ts';
import { json, STATIC, type StandIn, standIn } from './cloud/aws/fixture.ts';
import { profileNamed } from './config/profiles.ts';
import { ConfigError } from './errors.ts';
import type { Config, Profile, Variant } from './model.ts';
import { preflight } from './preflight.ts';

const VARIANT = { name: 'a', memoryMb: 1769, architecture: 'x86_64', timeoutSeconds: 10 } as Variant;

function configOf(fields: Partial<Config> = {}, profile: Partial<Profile> = {}): Config {
  return {
    variants: [VARIANT, { ...VARIANT, name: 'b' }],
    profile: { ...profileNamed('pr', 2), ...profile },
    ...{ region: 'us-east-1', seed: 1, baseRef: null, ...fields },
  } as unknown as Config;
}

/** Lambda by hand, from its API reference: GetAccountSettings of a new account. */
const newAccount = () => standIn(() => json({ AccountLimit: { ConcurrentExecutions: 10 } }));

function means(server: StandIn, budgetUsd: number | null, lines: string[] = []) {
  const { lambda } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: server.url });
  return { lambda, budgetUsd, progress: { line: (_: string, message: string) => lines.push(message) } };
}

describe('preflight', () => {
  it('tells what the run will cost and lets it pass', async () => {
    await using lambda = await newAccount();
    const lines: string[] = [];
    const config = configOf();
    expect(await preflight(config, means(lambda, 1, lines))).toMatchObject({ config, warnings: [] });
    expect(lines[0]).toMatch(/^about \$0\.\d\d for \d+ invocations in us-east-1: compute /);
  });

  it('refuses a run over the budget, or in a region without prices, before it asks AWS anything', async () => {
    await using lambda = await newAccount();
    await expect(preflight(configOf(), means(lambda, 0.01))).rejects.toThrow(ConfigError);
    await expect(preflight(configOf({ region: 'ap-east-1' }), means(lambda, null))).rejects.toThrow(
      'There is no price table for ap-east-1',
    );
    expect(lambda.seen).toEqual([]);
  });

  it('opens slots with no more requests than a new account may run', async () => {
    await using lambda = await newAccount();
    const { config, warnings } = await preflight(configOf({}, { environments: 40 }), means(lambda, null));
    expect(config.profile.environments).toBe(10);
    expect(warnings.map(({ code }) => code)).toEqual(['concurrency-limit']);
  });

  it('counts the variants of the base commit', async () => {
    await using lambda = await newAccount();
    const [alone, both]: [string[], string[]] = [[], []];
    await preflight(configOf(), means(lambda, null, alone));
    await preflight(configOf({ baseRef: 'main' }), means(lambda, null, both));
    const invocations = (lines: string[]) => Number(/for (\d+) invocations/.exec(lines[0] ?? '')?.[1]);
    expect(invocations(both)).toBe(2 * invocations(alone));
  });
});
