/**
 * What a long run tells of one variant: does it drift, step, warm up, leak or fail in bursts? Drift and steps are looked
 * for in ln(Duration p50) minute by minute, over the minutes at the run's most common rate, because load moves latency.
 */
import type { SlotSamples } from '../../model.ts';
import type { Soak, VariantResult } from '../../result.ts';
import { type ChangePoint, changePoints } from './change-points.ts';
import { errorBursts } from './error-bursts.ts';
import { type Trend, trendOf } from './mann-kendall.ts';
import { memoryGrowth } from './memory-growth.ts';
import { mser5 } from './mser5.ts';

/** Two segments of the shortest length that a step can have. */
const MIN_MINUTES = 20;
const MINUTES_PER_HOUR = 60;
const ALPHA = 0.05;

export interface SoakInput {
  readonly slots: readonly SlotSamples[];
  readonly perMinute: VariantResult['perMinute'];
  /** Minutes to leave out of drift and steps, because the rate was another. */
  readonly otherRate: ReadonlySet<number>;
}

interface Minutes {
  readonly index: Float64Array;
  readonly p50: readonly number[];
  readonly logP50: readonly number[];
}

/** Null for a run too short to have a course. */
export function soakOf({ slots, perMinute, otherRate }: SoakInput): Soak | null {
  const minutes = steadyMinutes(perMinute, otherRate);
  if (minutes.index.length < MIN_MINUTES) return null;
  return {
    ...courseOf(minutes),
    memory: memoryGrowth(slots),
    errorBursts: errorBursts(perMinute.map((row) => row.errors)).map(({ index, errors, expected }) => ({
      minute: perMinute[index]!.minute,
      errors,
      expected,
    })),
  };
}

function steadyMinutes(perMinute: VariantResult['perMinute'], otherRate: ReadonlySet<number>): Minutes {
  const rows = perMinute.flatMap(({ minute, p50 }) =>
    p50 !== null && p50 > 0 && !otherRate.has(minute) ? [{ minute, p50 }] : [],
  );
  const p50 = rows.map((row) => row.p50);
  return { index: Float64Array.from(rows, (row) => row.minute), p50, logP50: p50.map(Math.log) };
}

function courseOf(minutes: Minutes): Pick<Soak, 'minutes' | 'course' | 'trend' | 'steps' | 'warmUpMinutes'> {
  const trend = trendOf(minutes.logP50, minutes.index);
  const steps = changePoints(minutes.logP50);
  return {
    minutes: minutes.logP50.length,
    course: explanation(minutes, trend, steps),
    trend: {
      percentPerHour: percentPerHour(trend.slope),
      lo: percentPerHour(trend.lo),
      hi: percentPerHour(trend.hi),
      p: trend.p,
      rho: trend.rho,
    },
    steps: steps.map(({ index, shift, t }) => ({ minute: minutes.index[index]!, shift, t })),
    warmUpMinutes: mser5(minutes.p50),
  };
}

/**
 * Of a drift and of steps that both pass, the better description: the smaller residual sum of squares, each parameter
 * paid for (Schwarz 1978, Ann. Statist. 6, 461-464) on the number of minutes that autocorrelation leaves independent.
 * Unpaid, the freer steps describe half of all true drifts better than the line that made them.
 */
function explanation(minutes: Minutes, trend: Trend, steps: readonly ChangePoint[]): Soak['course'] {
  const drifts = trend.p <= ALPHA;
  if (!drifts) return steps.length > 0 ? 'steps' : 'steady';
  if (steps.length === 0) return 'drift';
  const n = minutes.logP50.length;
  const independent = n / trend.inflation;
  const criterion = (residual: number, parameters: number) =>
    independent * Math.log(residual / n) + parameters * Math.log(independent);
  const line = criterion(lineResidual(minutes, trend.slope), 2);
  const levels = criterion(stepResidual(minutes.logP50, steps), 1 + 2 * steps.length);
  return line <= levels ? 'drift' : 'steps';
}

function lineResidual({ index, logP50 }: Minutes, slope: number): number {
  return squaresAboutMean(logP50.map((value, i) => value - slope * index[i]!));
}

function stepResidual(values: readonly number[], steps: readonly ChangePoint[]): number {
  const starts = [0, ...steps.map((step) => step.index)];
  return starts.reduce((total, start, i) => total + squaresAboutMean(values.slice(start, starts[i + 1])), 0);
}

function squaresAboutMean(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return values.reduce((total, value) => total + (value - mean) ** 2, 0);
}

/** From a slope of ln(ms) per minute. */
function percentPerHour(slope: number): number {
  return 100 * Math.expm1(MINUTES_PER_HOUR * slope);
}
