import { opens, schedule } from '../../load/schedule.ts';
import type { Config, Profile } from '../../model.ts';
import type { PlannedRun } from './estimate.ts';

/** The most that rate `auto` chooses (load/rate.ts): what it will choose is not known before the run. */
export const HIGHEST_AUTO_RATE = 50;
/** Warm requests of the pilot, one after the other (load/pilot.ts). */
const PILOT_REQUESTS = 20;

export function highestRate(profile: Profile): number {
  const base = profile.rate === 'auto' ? HIGHEST_AUTO_RATE : profile.rate;
  return base * Math.max(1, ...profile.stages.map((stage) => stage.rate));
}

/** How often the run will invoke each variant: a pilot, then by the schedule, at the highest rate there can be. */
export function plannedRun({ variants, profile, region, seed, baseRef }: Config): PlannedRun {
  const rate = profile.rate === 'auto' ? HIGHEST_AUTO_RATE : profile.rate;
  const slots = schedule(profile, ['any'], rate, seed); // every variant gets the same slots
  const windows = slots.reduce((sum, slot) => sum + (slot.rate * (slot.endMs - slot.measureMs)) / 1000, 0);
  const openings = 1 + slots.filter((slot) => opens(profile, slot.block)).length; // the pilot has one, too
  const opened = openings * profile.environments * (1 + profile.warmupInvocations);
  const invocations = Math.ceil(windows) + opened + PILOT_REQUESTS;
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
