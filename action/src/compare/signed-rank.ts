/**
 * The exact Wilcoxon signed-rank test. Zeros by Pratt: they are ranked with the rest and then dropped (Pratt 1959, JASA
 * 54, 655-667). The distribution comes from dynamic programming over doubled midranks (the shift algorithm of
 * Streitberg & Röhmel 1986, Statist. Software Newsl. 12), so ties need no correction and small n no table.
 */
export interface SignedRank {
  readonly n: number;
  readonly zeros: number;
  /** Sum of the midranks of positive differences. */
  readonly w: number;
  /** Two-sided: twice the smaller tail, at most 1. */
  readonly p: number;
  readonly pGreater: number;
  readonly pLess: number;
}

/**
 * Differences closer than this are tied: ln(41 / 40) and -ln(40 / 41) are the same difference and differ in the last
 * bit, and no measurement has twelve digits.
 */
const TIE = 1e-12;

/** Tests whether `differences` are symmetric about `centre`. All-zero and all-equal differences are fine. */
export function signedRank(differences: readonly number[], centre = 0): SignedRank {
  const shifted = differences.map((d) => (Math.abs(d - centre) <= TIE ? 0 : d - centre));
  const doubled = doubledMidranks(shifted.map(Math.abs));
  const ranks = doubled.filter((_, i) => shifted[i] !== 0);
  const w2 = shifted.reduce((total, d, i) => total + (d > 0 ? doubled[i]! : 0), 0);
  const distribution = sumDistribution(ranks);
  const pLess = probability(distribution, 0, w2);
  const pGreater = probability(distribution, w2, distribution.length - 1);
  return {
    n: shifted.length,
    zeros: shifted.length - ranks.length,
    w: w2 / 2,
    p: Math.min(1, 2 * Math.min(pLess, pGreater)),
    pGreater,
    pLess,
  };
}

/**
 * The largest k with P(W+ <= k - 1) <= (1 - level) / 2 for n untied differences: the k-th smallest and k-th largest
 * Walsh averages bound the Hodges-Lehmann interval (Hollander & Wolfe, Nonparametric Statistical Methods, 3.3). 0 when
 * n is too small for the level.
 */
export function criticalRank(n: number, level: number): number {
  const distribution = sumDistribution(Array.from({ length: n }, (_, i) => i + 1));
  const tail = (1 - level) / 2 + 1e-12;
  let k = 0;
  for (let below = distribution[0]!; below <= tail; below += distribution[k]!) k++;
  return k;
}

/** Twice the midranks, so that ties stay whole numbers. */
function doubledMidranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!]! - values[order[end]!]! <= TIE) end++;
    for (let i = start; i <= end; i++) ranks[order[i]!] = start + end + 2;
    start = end + 1;
  }
  return ranks;
}

/** P(sum of a random subset of `ranks` = s) for every s: each rank is positive with probability one half. */
function sumDistribution(ranks: readonly number[]): Float64Array {
  const size = ranks.reduce((total, rank) => total + rank, 0);
  const distribution = new Float64Array(size + 1);
  distribution[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach += rank;
    for (let s = reach; s >= rank; s--) distribution[s] = (distribution[s]! + distribution[s - rank]!) / 2;
    for (let s = Math.min(reach, rank - 1); s >= 0; s--) distribution[s]! /= 2;
  }
  return distribution;
}

function probability(distribution: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let s = from; s <= to; s++) total += distribution[s]!;
  return Math.min(1, total);
}
