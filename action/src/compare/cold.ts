import type { SlotSamples } from '../model.ts';
import type { VariantResult } from '../result.ts';
import { quantiles } from './quantile.ts';
import { coldTotal } from './slot-statistics.ts';

/** Cold starts of the whole run: environments that were started in it. */
export function coldStarts(slots: readonly SlotSamples[]): VariantResult['cold'] {
  const started = slots.flatMap((slot) => slot.environments).filter(({ initMs }) => initMs !== null);
  return {
    n: started.length,
    initMs: spread(started.map(({ initMs }) => initMs)),
    firstCallMs: spread(started.map(({ firstCallMs }) => firstCallMs)),
    totalMs: spread(started.map(coldTotal)),
  };
}

function spread(values: readonly (number | null)[]): VariantResult['cold']['initMs'] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const [p50, p95, max] = quantiles(known, [0.5, 0.95, 1]);
  return { p50: p50!, p95: p95!, max: max! };
}
