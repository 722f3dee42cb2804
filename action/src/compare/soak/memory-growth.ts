import type { SlotSamples } from '../../model.ts';
import type { Soak } from '../../result.ts';
import { median } from '../quantile.ts';
import { theilSen } from './theil-sen.ts';

const HOUR_MS = 3_600_000;
/** Fewer points than this are no slope. */
const MIN_POINTS = 5;

/**
 * Does memory grow while an environment lives? One Theil-Sen slope per environment (they share no memory): above 0 only
 * where half of all pairs of slots rise, which a few megabytes in the first minutes do not make. No sign test across
 * environments: a high-water mark cannot fall, so that a fair coin is not what it would be without a leak.
 */
export function memoryGrowth(slots: readonly SlotSamples[]): Soak['memory'] {
  const slopes = histories(slots).map(({ mb, hours }) => theilSen(mb, hours));
  return {
    environments: slopes.length,
    growing: slopes.filter((slope) => slope > 0).length,
    medianMbPerHour: slopes.length === 0 ? null : median(slopes),
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
