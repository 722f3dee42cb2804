import type { EnvironmentSample, SlotSamples } from '../model.ts';
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
    starts: thinned(started).map(({ initMs, firstCallMs }) => ({ initMs: initMs!, firstCallMs })),
  };
}

function spread(values: readonly (number | null)[]): VariantResult['cold']['initMs'] {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const [p50, p95, max] = quantiles(known, [0.5, 0.95, 1]);
  return { p50: p50!, p95: p95!, max: max! };
}

/** More points than these a chart cannot show apart, and a soak on AWS may start thousands. */
const MOST_STARTS = 250;

/** In their order, spread evenly, the first and the last among them. */
function thinned(started: readonly EnvironmentSample[]): EnvironmentSample[] {
  if (started.length <= MOST_STARTS) return [...started];
  const stride = (started.length - 1) / (MOST_STARTS - 1);
  return Array.from({ length: MOST_STARTS }, (_, i) => started[Math.round(i * stride)]!);
}
