import type { LoadRun } from '../../model.ts';

const MINUTE_MS = 60_000;

/** Minutes of the run in which a slot ran at another than the run's most common rate. Slot times are ms from the start of load. */
export function otherRateMinutes({ slots }: Pick<LoadRun, 'slots'>): Set<number> {
  const counts = new Map<number, number>();
  for (const { rate } of slots) counts.set(rate, (counts.get(rate) ?? 0) + 1);
  const [usual] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [0, 0]);
  const minutes = new Set<number>();
  for (const { rate, startMs, endMs } of slots) {
    if (rate === usual) continue;
    for (let minute = Math.floor(startMs / MINUTE_MS); minute * MINUTE_MS < endMs; minute++)
      minutes.add(minute);
  }
  return minutes;
}
