import { quantileSorted } from 'simple-statistics';
import { criticalRank } from './signed-rank.ts';

/** An interval; null stands for an infinite bound. */
export interface Interval {
  readonly lo: number | null;
  readonly hi: number | null;
}

/** All (d_i + d_j) / 2 with i <= j, ascending (Hodges & Lehmann 1963, Ann. Math. Statist. 34, 598-611). */
function walshAverages(differences: readonly number[]): Float64Array {
  const n = differences.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let next = 0;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) averages[next++] = (differences[i]! + differences[j]!) / 2;
  return averages.sort();
}

/** The Hodges-Lehmann estimate: the median of the Walsh averages. `differences` must not be empty. */
export function hodgesLehmann(differences: readonly number[]): number {
  return quantileSorted(walshAverages(differences) as unknown as number[], 0.5);
}

/** The exact distribution-free interval of the Hodges-Lehmann estimate at `level`, e.g. 0.95. */
export function hodgesLehmannInterval(differences: readonly number[], level: number): Interval {
  const k = criticalRank(differences.length, level);
  if (k === 0) return { lo: null, hi: null };
  const averages = walshAverages(differences);
  return { lo: averages[k - 1]!, hi: averages[averages.length - k]! };
}
