import { WARM_REQUESTS } from '../../load/pilot.ts';
import { MAX_RATE } from '../../load/rate.ts';
import { opens, schedule } from '../../load/schedule.ts';
import type { Config, Profile } from '../../model.ts';
import type { PlannedRun } from './estimate.ts';

/** Rate `auto` is taken at its highest: what it will choose is not known before the run. */
export function highestRate(profile: Profile): number {
  const base = profile.rate === 'auto' ? MAX_RATE : profile.rate;
  return base * Math.max(1, ...profile.stages.map((stage) => stage.rate));
}

/** How often the run will invoke each variant: a pilot, then by the schedule, at the highest rate there can be. */
export function plannedRun({ variants, profile, region, seed, baseRef, shard }: Config): PlannedRun {
  const rate = profile.rate === 'auto' ? MAX_RATE : profile.rate;
  const slots = schedule(profile, ['any'], rate, seed); // every variant gets the same slots
  const windows = slots.reduce((sum, slot) => sum + (slot.rate * slot.measuredMs) / 1000, 0);
  const openings = 1 + slots.filter((slot) => opens(profile, slot.block)).length; // the pilot has one, too
  const opened = openings * profile.environments * (1 + profile.warmupInvocations);
  const invocations = Math.ceil((windows + opened) / (shard?.count ?? 1)) + WARM_REQUESTS;
  const coldStarts = openings * profile.environments;
  // Which variants differ from their base is known when they are built.
  const arms = baseRef === null ? variants : [...variants, ...variants];
  return {
    region,
    variants: arms.map(({ name, memoryMb, architecture, timeoutSeconds }) => {
      return { name, memoryMb, architecture, timeoutSeconds, invocations, coldStarts };
    }),
  };
}
