import { quantile } from 'simple-statistics';
import { hodgesLehmann, hodgesLehmannInterval } from '../compare/hodges-lehmann.ts';
import { holm } from '../compare/holm.ts';
import { designEffect, newcombe, wilson } from '../compare/newcombe.ts';
import { commonLanguage } from '../compare/pair.ts';
import { reusedEnvironments } from '../compare/reused-environments.ts';
import { criticalRank, signedRank } from '../compare/signed-rank.ts';
import { verdictOf } from '../compare/verdict.ts';

/** A reference case's arguments are JSON; each line below says what they are by how it uses them. */
// biome-ignore lint/suspicious/noExplicitAny: the shape differs by function and is checked by the comparison itself
type Call = (...args: any[]) => unknown;

/** The product's functions by their names in the reference data, answering in its shapes. */
export const FUNCTIONS: Readonly<Record<string, Call>> = {
  quantile7: (values: number[], probabilities: number[]) => quantile(values, probabilities),
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
  wilson: (successes: number, n: number) => wilson(successes, n),
  designEffect,
  newcombeClustered: (eventsA, sizesA, eventsB, sizesB) => {
    const { difference, lo, hi, designEffects } = newcombe(
      { events: eventsA, sizes: sizesA },
      { events: eventsB, sizes: sizesB },
    );
    return { diff: difference, lo, hi, deffA: designEffects.base, deffB: designEffects.head };
  },
  reusedEnvironmentInterval: (d: number[], base: number[], head: number[]) =>
    reusedEnvironments(d, base, head),
};
