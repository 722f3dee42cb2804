import { expect, describe as group, it } from 'vitest';
import { profileNamed } from '../../config/profiles.ts';
import { ConfigError } from '../../errors.ts';
import { chooseRate, MAX_RATE } from '../../load/rate.ts';
import type { Config, Profile, Variant } from '../../model.ts';
import { COMPONENTS, checkBudget, describe, estimate, type PlannedRun } from './estimate.ts';
import { highestRate, plannedRun } from './planned-run.ts';
import { LOG_BYTES_PER_INVOCATION, PRICES } from './prices.ts';

/** One variant of 1 GB, a million invocations, a thousand of them cold. */
const MILLION: PlannedRun = {
  region: 'us-east-1',
  variants: [
    {
      name: 'a',
      memoryMb: 1024,
      architecture: 'x86_64',
      timeoutSeconds: 10,
      invocations: 1e6,
      coldStarts: 1000,
      snapshotSeconds: 0,
    },
  ],
};

group('estimate', () => {
  it('has every component of the bill', () => {
    const { components, total } = estimate(MILLION);
    expect(components.compute).toBeCloseTo(1e6 * 0.1 * 0.0000166667, 10);
    expect(components.init).toBeCloseTo(1000 * 1.9 * 0.0000166667, 10);
    expect(components.requests).toBeCloseTo(0.2, 10);
    expect(components.s3).toBeCloseTo(5, 10);
    expect(components.dynamodb).toBeCloseTo(0.625, 10);
    expect(components.logs).toBeCloseTo((1e6 * LOG_BYTES_PER_INVOCATION * 0.5) / 1e9, 10);
    expect(total).toBeCloseTo(
      COMPONENTS.reduce((sum, component) => sum + components[component], 0),
      10,
    );
  });

  it('charges architecture, memory and number of variants', () => {
    const [variant] = MILLION.variants;
    const arm = estimate({ ...MILLION, variants: [{ ...variant!, architecture: 'arm64' }] });
    expect(arm.components.compute / estimate(MILLION).components.compute).toBeCloseTo(0.8, 4);
    const small = estimate({ ...MILLION, variants: [{ ...variant!, memoryMb: 512 }] });
    expect(small.components.compute / estimate(MILLION).components.compute).toBeCloseTo(0.5, 10);
    const two = estimate({ ...MILLION, variants: [variant!, { ...variant!, name: 'b' }] });
    expect(two.total).toBeCloseTo(2 * estimate(MILLION).total, 10);
  });

  it('tells what it would be if every invocation timed out', () => {
    const { ceiling, components, total } = estimate(MILLION);
    expect(ceiling).toBeCloseTo(total - components.compute - components.init + 1e6 * 10 * 0.0000166667, 6);
  });

  it('refuses a region without prices and names those that have some', () => {
    expect(() => estimate({ ...MILLION, region: 'ap-east-1' })).toThrow(ConfigError);
    expect(() => estimate({ ...MILLION, region: 'ap-east-1' })).toThrow(
      'There is no price table for ap-east-1',
    );
  });

  it('charges for a snapshot by memory, as long as it is kept and as often as it is restored', () => {
    const [variant] = MILLION.variants;
    const snapped = { ...variant!, memoryMb: 2048, snapshotSeconds: 10_800 };
    const { components, total } = estimate({ ...MILLION, variants: [snapped] });
    expect(components.snapshots).toBeCloseTo(2 * (10_800 * 0.0000015046 + 1000 * 0.0001397998), 10);
    const without = estimate({ ...MILLION, variants: [{ ...snapped, snapshotSeconds: 0 }] });
    expect(without.components.snapshots).toBe(0);
    expect(total - without.total).toBeCloseTo(components.snapshots, 10);
  });

  it('refuses SnapStart in a region of which nobody told its price, and names those that have one', () => {
    const variants = MILLION.variants.map((variant) => ({ ...variant, snapshotSeconds: 1 }));
    const refuse = () => estimate({ region: 'eu-west-1', variants });
    expect(refuse).toThrow('There is no price of SnapStart for eu-west-1');
    expect(remedyOf(refuse)).toContain('Choose one of us-east-1, us-east-2, us-west-2, leave out');
  });

  it.each(Object.entries(PRICES))('has plausible, dated and sourced prices of %s', (_, prices) => {
    expect(prices.dated).toMatch(/^20\d\d-\d\d$/);
    expect(prices.source).toContain('not verified against a bill');
    const virginia = PRICES['us-east-1']!;
    for (const name of ['lambdaRequest', 's3Put', 'dynamodbWriteUnit', 'logsGb'] as const) {
      expect(prices[name] / virginia[name]).toBeGreaterThanOrEqual(1);
      expect(prices[name] / virginia[name]).toBeLessThan(2);
    }
  });
});

group('checkBudget', () => {
  it('lets a run pass that costs no more than the budget, and any without one', () => {
    const { total } = estimate(MILLION);
    expect(() => checkBudget(estimate(MILLION), total)).not.toThrow();
    expect(() => checkBudget(estimate(MILLION), null)).not.toThrow();
  });

  it('refuses with estimate, budget, every component, and what to change', () => {
    const refuse = () => checkBudget(estimate(MILLION), 5);
    expect(refuse).toThrow(ConfigError);
    expect(refuse).toThrow('The run is estimated at $7.78 and the budget is $5.00; nothing was deployed.');
    for (const component of COMPONENTS) expect(refuse).toThrow(component);
    expect(remedyOf(refuse)).toMatch(/^Raise budget-usd to 7\.7\d, or choose a shorter profile/);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('refuses %s as a budget', (budget) => {
    expect(() => checkBudget(estimate(MILLION), budget)).toThrow('no amount of money');
  });
});

function remedyOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as ConfigError).remedy;
  }
  return '';
}

group('describe', () => {
  it('says what was assumed', () => {
    expect(describe(estimate(MILLION))).toContain('assumed 100 ms billed warm, 2000 ms cold');
  });
});

function configOf(profile: Profile): Config {
  const variant = { name: 'a', memoryMb: 1024, architecture: 'x86_64', timeoutSeconds: 10 } as Variant;
  return {
    variants: [variant, { ...variant, name: 'b' }],
    profile,
    region: 'us-east-1',
    seed: 1,
    baseRef: null,
  } as unknown as Config;
}

group('plannedRun', () => {
  it('takes for rate auto the highest that the pilot may choose', () => {
    const pilot = { variant: 'a', replaceMs: 1, coldMs: 1, openingMs: 1, p50Ms: 0.001 };
    expect(chooseRate('auto', [pilot], 1000).rate).toBe(MAX_RATE);
  });

  it('counts pilot, opening bursts and windows', () => {
    const profile: Profile = { ...profileNamed('smoke', 2), rate: 40 }; // 8 blocks with a window of 1.2 s each
    const { variants } = plannedRun(configOf(profile));
    const opening = 4 * 11;
    const invocations = 20 + opening + 8 * (opening + 48);
    expect(variants.map((variant) => variant.invocations)).toEqual([invocations, invocations]);
    expect(variants[0]?.coldStarts).toBe(9 * 4);
  });

  it('gives a shard its part of openings and windows, and a whole pilot', () => {
    const profile: Profile = { ...profileNamed('smoke', 2), rate: 40 };
    const shard = { index: 1, count: 3 };
    const [a] = plannedRun({ ...configOf(profile), shard }).variants;
    const opening = 4 * 11;
    expect(a?.invocations).toBe(20 + opening + Math.ceil((8 * (opening + 48)) / 3));
    expect(a?.coldStarts).toBe(4 + Math.ceil((8 * 4) / 3));
  });

  it('knows that a soak opens once and doubles its rate for a while', () => {
    const soak = profileNamed('soak', 2);
    expect(plannedRun(configOf(soak)).variants[0]?.coldStarts).toBe(2 * 4);
    expect(highestRate(soak)).toBe(100);
  });

  it('keeps a snapshot for every version that the functions of a variant use up, three hours at least', () => {
    const config = configOf({ ...profileNamed('cold', 2), blocks: 12 });
    const secondsOf = (runtime: string) => {
      const variants = [{ ...config.variants[0]!, runtime, snapStart: true }];
      return plannedRun({ ...config, variants }).variants[0]?.snapshotSeconds;
    };
    expect(secondsOf('python3.13')).toBe(2 * 7 * 10_800);
    expect(secondsOf('java21')).toBe(0); // not charged for
    expect(plannedRun(config).variants.map(({ snapshotSeconds }) => snapshotSeconds)).toEqual([0, 0]);
  });

  it.each([
    ['pr', 1],
    ['soak', 6],
  ] as const)('estimates profile %s below %i dollars', (name, dollars) => {
    expect(estimate(plannedRun(configOf(profileNamed(name, 2)))).total).toBeLessThan(dollars);
  });
});
