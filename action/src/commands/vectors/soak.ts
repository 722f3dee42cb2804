import { mannKendall, trendOf } from '../../compare/soak/mann-kendall.ts';
import { soakOf } from '../../compare/soak/soak.ts';
import { theilSen } from '../../compare/soak/theil-sen.ts';
import { type Outcome, outcome } from './agreement.ts';
import { underTheirNames } from './functions.ts';

export interface ReferenceSoak {
  readonly id: string;
  readonly truth: { readonly totalTrend: number; readonly step: number };
  readonly p50PerMinute: readonly number[];
  readonly errorsPerMinute: readonly number[];
  readonly memoryPerMinute: readonly number[];
  readonly expected: {
    readonly mannKendall: object;
    readonly mannKendallEss: { readonly p: number; readonly rho: number };
    readonly theilSenPerHourPercent: number;
    readonly memoryTheilSenPerHour: number;
    readonly changePoints: readonly (readonly number[])[];
    readonly errorBursts: readonly number[];
  };
}

const TOLERANCE = 1e-7;

/** Every part of the reference, the whole analysis as a result shows it, and whether it tells what was planted. */
export function checkSoak({
  id,
  truth,
  p50PerMinute,
  errorsPerMinute,
  memoryPerMinute,
  expected,
}: ReferenceSoak): Outcome[] {
  const name = `soak.json ${id}`;
  const logs = p50PerMinute.map(Math.log);
  const perMinute = p50PerMinute.map((p50, minute) => ({
    minute,
    requests: 0,
    errors: errorsPerMinute[minute]!,
    p50,
    p95: null,
    p99: null,
    maxMemoryMb: memoryPerMinute[minute]!,
  }));
  const soak = soakOf({ slots: [], perMinute, otherRate: new Set() })!;
  const { percentPerHour, p, rho } = soak.trend;
  const { mannKendallEss, theilSenPerHourPercent } = expected;
  const trend = { percentPerHour: theilSenPerHourPercent, p: mannKendallEss.p, rho: mannKendallEss.rho };
  const steps = soak.steps.map(({ minute, shift, t }) => [minute, shift, t]);
  const planted = truth.step !== 0 ? 'steps' : truth.totalTrend !== 0 ? 'drift' : 'steady';
  const bursts = soak.errorBursts.map(({ minute }) => minute);
  return [
    outcome(`${name} mannKendall`, underTheirNames(mannKendall(logs)), expected.mannKendall, TOLERANCE),
    outcome(`${name} mannKendallEss`, trendOf(logs), mannKendallEss, TOLERANCE),
    outcome(`${name} trend`, { percentPerHour, p, rho }, trend, TOLERANCE),
    outcome(`${name} memory`, 60 * theilSen(memoryPerMinute), expected.memoryTheilSenPerHour, TOLERANCE),
    outcome(`${name} changePoints`, steps, expected.changePoints, TOLERANCE),
    outcome(`${name} course`, soak.course, planted, 0),
    outcome(`${name} errorBursts`, bursts, expected.errorBursts, 0),
  ];
}
