import jStat from 'jstat';
import type { SlotSamples } from '../../model.ts';
import type { Soak } from '../../result.ts';
import { median } from '../quantile.ts';
import { theilSen } from './theil-sen.ts';

const HOUR_MS = 3_600_000;
/** Fewer points than this are no slope. */
const MIN_POINTS = 5;

/**
 * Does memory grow while an environment lives? One Theil-Sen slope per environment (they share no memory), then a sign
 * test across environments (Dixon & Mood 1946): a leak shows in most of them, a large one in a single other.
 */
export function memoryGrowth(slots: readonly SlotSamples[]): Soak['memory'] {
  const slopes = histories(slots).map(({ mb, hours }) => theilSen(mb, hours));
  const growing = slopes.filter((slope) => slope > 0).length;
  const shrinking = slopes.filter((slope) => slope < 0).length;
  return {
    environments: slopes.length,
    growing,
    shrinking,
    medianMbPerHour: slopes.length === 0 ? null : median(slopes),
    p: slopes.length === 0 ? null : signTest(growing, shrinking),
  };
}

interface History {
  readonly mb: Float64Array;
  readonly hours: Float64Array;
}

function histories(slots: readonly SlotSamples[]): History[] {
  const points = new Map<string, Map<number, number>>();
  for (const { startMs, environments } of slots) {
    for (const { id, maxMemoryMb } of environments) {
      if (maxMemoryMb === null) continue;
      const history = points.get(id) ?? new Map<number, number>();
      points.set(id, history.set(startMs / HOUR_MS, maxMemoryMb));
    }
  }
  return [...points.values()]
    .filter((history) => history.size >= MIN_POINTS)
    .map((history) => {
      const ordered = [...history].sort(([a], [b]) => a - b);
      return {
        hours: Float64Array.from(ordered, ([at]) => at),
        mb: Float64Array.from(ordered, ([, mb]) => mb),
      };
    });
}

/** Two-sided binomial test of one half; ties are left out. */
function signTest(up: number, down: number): number {
  const n = up + down;
  const log = (k: number) => jStat.gammaln(n + 1) - jStat.gammaln(k + 1) - jStat.gammaln(n - k + 1);
  let tail = 0;
  for (let k = 0; k <= Math.min(up, down); k++) tail += Math.exp(log(k) - n * Math.LN2);
  return Math.min(1, 2 * tail);
}
