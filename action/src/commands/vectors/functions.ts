import { residualLag1 } from '../../compare/autocorrelation.ts';
import { commonLanguage } from '../../compare/dominance.ts';
import { hodgesLehmann, hodgesLehmannInterval } from '../../compare/hodges-lehmann.ts';
import { holm } from '../../compare/holm.ts';
import { designEffect, newcombe, type RateDifference, wilson } from '../../compare/newcombe.ts';
import { normalCdf, normalQuantile } from '../../compare/normal.ts';
import { quantiles } from '../../compare/quantile.ts';
import { reusedEnvironments } from '../../compare/reused-environments.ts';
import { criticalRank, signedRank } from '../../compare/signed-rank.ts';
import { changePoints } from '../../compare/soak/change-points.ts';
import { errorBursts } from '../../compare/soak/error-bursts.ts';
import { type MannKendall, mannKendall, trendOf } from '../../compare/soak/mann-kendall.ts';
import { mser5 } from '../../compare/soak/mser5.ts';
import { theilSen } from '../../compare/soak/theil-sen.ts';
import { tCdf, tQuantile } from '../../compare/student-t.ts';
import { verdictOf } from '../../compare/verdict.ts';
import { welch } from '../../compare/welch.ts';
import { bootstrapMeanBca, bootstrapMeanPercentile } from './reference/bootstrap.ts';
import { mannWhitneyAsymptotic, mannWhitneyExact } from './reference/mann-whitney.ts';
import {
  benjaminiHochberg,
  cliffsDelta,
  equivalenceP,
  hodgesLehmann2,
  pooledQuantileJackknife,
  tInterval,
} from './reference/textbook.ts';
import { indices, xoshiro128 } from './reference/xoshiro.ts';

/** A reference case's arguments are JSON; each line below says what they are by how it uses them. */
// biome-ignore lint/suspicious/noExplicitAny: the shape differs by function and is checked by the comparison itself
type Call = (...args: any[]) => unknown;

/** The product's functions by their names in the reference data, answering in its shapes. */
const PRODUCT: Readonly<Record<string, Call>> = {
  quantile7: (values: number[], shares: number[]) => quantiles(Float64Array.from(values), shares),
  hodgesLehmann1: hodgesLehmann,
  hlInterval: (d: number[], level: number) => Object.values(hodgesLehmannInterval(d, level)),
  signedRank: (d: number[], centre: number) => {
    const { n, zeros, w, p, pGreater, pLess } = signedRank(d, centre);
    return { n, zeros, w, p, p_greater: pGreater, p_less: pLess };
  },
  signedRankK: (sizes: number[], level: number) => sizes.map((n) => criticalRank(n, level)),
  holm,
  verdict: (lo, hi, estimate, pHolm, margin, n) => verdictOf({ lo, hi, estimate, pHolm, margin, n }),
  commonLanguage: (x: number[], y: number[]) =>
    commonLanguage(Float64Array.from(x).sort(), Float64Array.from(y).sort()),
  wilson,
  designEffect,
  newcombeClustered: (eventsA, sizesA, eventsB, sizesB, level) =>
    errorInterval(newcombe({ events: eventsA, sizes: sizesA }, { events: eventsB, sizes: sizesB }, level)),
  welchInterval: welch,
  reusedEnvironmentInterval: reusedEnvironments,
  tQuantile: (shares: number[], df: number) => shares.map((share) => tQuantile(share, df)),
  tCdf: (values: number[], df: number) => values.map((t) => tCdf(t, df)),
  normalQuantile: (shares: number[]) => shares.map(normalQuantile),
  normalCdf: (values: number[]) => values.map(normalCdf),
  theilSen: (y: number[]) => theilSen(y),
  mannKendall: (y: number[]) => underTheirNames(mannKendall(y)),
  mannKendallEss: (y: number[]) => trendOf(y),
  lag1Detrended: (y: number[]) => residualLag1(y.map((value, i) => value - theilSen(y) * i)),
  changePoints: (y: number[]) => changePoints(y).map(({ index, shift, t }) => [index, shift, t]),
  poissonBursts: (errors: number[]) => errorBursts(errors).map(({ index }) => index),
  mser5,
};

/** What the product does not use; kept apart in reference/, so that all reference data is checked. */
const REFERENCE_ONLY: Readonly<Record<string, Call>> = {
  hodgesLehmann2,
  cliffsDelta,
  equivalenceP,
  tInterval,
  benjaminiHochberg,
  pooledQuantileJackknife,
  mannWhitneyAsymptotic,
  mannWhitneyExact,
  xoshiro128: (seed: number, count: number) => Array.from({ length: count }, times(xoshiro128(seed))),
  xoshiroIndex: (seed: number, n: number, count: number) =>
    Array.from({ length: count }, times(indices(seed, n))),
  bootstrapMeanPercentile: (values: number[], seed, resamples, level) =>
    bootstrapMeanPercentile(values, { seed, resamples, level }),
  bootstrapMeanBca: (values: number[], seed, resamples, level) =>
    bootstrapMeanBca(values, { seed, resamples, level }),
};

export const FUNCTIONS: Readonly<Record<string, Call>> = { ...PRODUCT, ...REFERENCE_ONLY };

function errorInterval({ difference, lo, hi, designEffects }: RateDifference) {
  return { diff: difference, lo, hi, deffA: designEffects.base, deffB: designEffects.head };
}

export function underTheirNames({ variance, ...trend }: MannKendall) {
  return { ...trend, var: variance };
}

const times = (next: () => number) => () => next();
