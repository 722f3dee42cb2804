/**
 * Exact Wilcoxon signed-rank test by dynamic programming over doubled midranks, zeros by Pratt: they are ranked with
 * the rest and then dropped (Pratt 1959, JASA 54, 655-667; Streitberg & Röhmel 1986 for the shift algorithm).
 */
export interface SignedRank {
  readonly n: number;
  readonly zeros: number;
  /** Sum of the midranks of positive differences. */
  readonly w: number;
  /** Two-sided. */
  readonly p: number;
  readonly pGreater: number;
  readonly pLess: number;
}

/** Tests whether `differences` are symmetric about `centre`. All-zero and all-equal differences are fine. */
export function signedRank(differences: readonly number[], centre = 0): SignedRank {
  const shifted = differences.map((d) => d - centre);
  const doubled = doubledMidranks(shifted.map(Math.abs));
  const ranks = doubled.filter((_, i) => shifted[i] !== 0);
  const w2 = shifted.reduce((sum, d, i) => sum + (d > 0 ? doubled[i]! : 0), 0);
  const distribution = sumDistribution(ranks);
  const pLess = total(distribution, 0, w2);
  const pGreater = total(distribution, w2, distribution.length - 1);
  const zeros = shifted.length - ranks.length;
  return {
    n: shifted.length,
    zeros,
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
  for (let cumulative = distribution[0] ?? 1; cumulative <= tail; cumulative += distribution[k] ?? 1) k++;
  return k;
}

/** Twice the midranks, so that ties stay whole numbers. */
function doubledMidranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let i = start; i <= end; i++) ranks[order[i]!] = start + end + 2;
    start = end + 1;
  }
  return ranks;
}

/** P(sum of a random subset of `ranks` = s) for every s. */
function sumDistribution(ranks: readonly number[]): Float64Array {
  const size = ranks.reduce((sum, rank) => sum + rank, 0);
  const probability = new Float64Array(size + 1);
  probability[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    reach += rank;
    for (let s = reach; s >= 0; s--) {
      probability[s] = (probability[s]! + (s >= rank ? probability[s - rank]! : 0)) / 2;
    }
  }
  return probability;
}

function total(distribution: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += distribution[i]!;
  return Math.min(1, sum);
}
