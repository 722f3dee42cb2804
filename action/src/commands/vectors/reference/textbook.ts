/** Textbook relatives of the product's functions, here to be checked against, not used. */
import { sampleVariance } from 'simple-statistics';
import { commonLanguage } from '../../../compare/dominance.ts';
import { mean, median, quantile } from '../../../compare/quantile.ts';
import { signedRank } from '../../../compare/signed-rank.ts';
import { tQuantile } from '../../../compare/student-t.ts';

/** Student's interval of a mean. */
export function tInterval(values: readonly number[], level: number): [number, number] {
  const half =
    tQuantile(0.5 + level / 2, values.length - 1) * Math.sqrt(sampleVariance(values) / values.length);
  return [mean(values) - half, mean(values) + half];
}

/** Median of all differences y - x (Hodges & Lehmann 1963). */
export function hodgesLehmann2(x: readonly number[], y: readonly number[]): number {
  return median(y.flatMap((b) => x.map((a) => b - a)));
}

/** P(y > x) - P(y < x) (Cliff 1993). */
export function cliffsDelta(x: readonly number[], y: readonly number[]): number {
  return 2 * commonLanguage(Float64Array.from(x).sort(), Float64Array.from(y).sort()) - 1;
}

/** The larger p of two one-sided signed-rank tests against +-margin; the product asks its interval instead. */
export function equivalenceP(differences: readonly number[], margin: number): number {
  return Math.max(signedRank(differences, margin).pLess, signedRank(differences, -margin).pGreater);
}

/** False discovery rate (Benjamini & Hochberg 1995); the product controls the chance of any false difference. */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  order.forEach((index, position) => {
    least = Math.min(least, (pValues[index]! * pValues.length) / (pValues.length - position));
    adjusted[index] = least;
  });
  return adjusted;
}

export interface JackknifeInterval {
  readonly estimate: number;
  readonly se: number;
  readonly lo: number;
  readonly hi: number;
}

/** ln ratio of quantiles of all requests pooled, its error by leaving out one block at a time (Tukey 1958). */
export function pooledQuantileJackknife(
  base: readonly (readonly number[])[],
  head: readonly (readonly number[])[],
  share: number,
  level: number,
): JackknifeInterval {
  const without = (skipped: number) => {
    const [a, b] = [base, head].map((blocks) =>
      quantile(
        blocks.flatMap((values, block) => (block === skipped ? [] : values)),
        share,
      ),
    );
    return Math.log(b!) - Math.log(a!);
  };
  const estimate = without(-1);
  const n = base.length;
  const leftOut = base.map((_, block) => without(block));
  const se = Math.sqrt(((n - 1) / n) * leftOut.reduce((sum, value) => sum + (value - mean(leftOut)) ** 2, 0));
  const half = tQuantile(0.5 + level / 2, n - 1) * se;
  return { estimate, se, lo: estimate - half, hi: estimate + half };
}
