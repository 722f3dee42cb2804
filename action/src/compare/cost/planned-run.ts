import { versionsNeeded } from '../../config/snap-start.ts';
import { WARM_REQUESTS } from '../../load/pilot.ts';
import { MAX_RATE } from '../../load/rate.ts';
import { opens, schedule } from '../../load/schedule.ts';
import type { Config, Profile, Variant } from '../../model.ts';
import type { PlannedRun } from './estimate.ts';
import { chargesForSnapshots } from './prices.ts';

/** Rate `auto` is taken at its highest: what it will choose is not known before the run. */
export function highestRate(profile: Profile): number {
  const base = profile.rate === 'auto' ? MAX_RATE : profile.rate;
  return base * Math.max(1, ...profile.stages.map((stage) => stage.rate));
}

/**
 * How often the run will invoke each variant: a pilot, then by the schedule, at the highest rate there can be. A shard has
 * a pilot of its own, and its part of the rest.
 */
export function plannedRun({ variants, profile, region, seed, baseRef, shard }: Config): PlannedRun {
  const rate = profile.rate === 'auto' ? MAX_RATE : profile.rate;
  const slots = schedule(profile, ['any'], rate, seed); // every variant gets the same slots
  const windows = slots.reduce((sum, slot) => sum + (slot.rate * slot.measuredMs) / 1000, 0);
  const share = (count: number) => Math.ceil(count / (shard?.count ?? 1));
  const openings = slots.filter((slot) => opens(profile, slot.block)).length;
  const { environments } = profile;
  const requests = environments * (1 + profile.warmupInvocations);
  const invocations = share(windows + openings * requests) + requests + WARM_REQUESTS;
  const coldStarts = share(openings * environments) + environments;
  // Which variants differ from their base is known when they are built.
  const arms = baseRef === null ? variants : [...variants, ...variants];
  const loadSeconds = (arms.length * (slots.at(-1)?.endMs ?? 0)) / 1000;
  return {
    region,
    variants: arms.map((variant) => {
      const { name, memoryMb, architecture, timeoutSeconds } = variant;
      const snapshotSeconds = snapshotSecondsOf(variant, profile, loadSeconds);
      return { name, memoryMb, architecture, timeoutSeconds, invocations, coldStarts, snapshotSeconds };
    }),
  };
}

/** A snapshot is charged for three hours at least (Lambda pricing). */
const LEAST_KEPT_S = 3 * 3600;
/** It is there while others are taken before the load, and until the run is deleted: an assumption. */
const AROUND_LOAD_S = 3600;

/** Where environments are replaced, two functions of a variant alternate, with versions of their own. */
function snapshotSecondsOf(variant: Variant, profile: Profile, loadSeconds: number): number {
  if (!chargesForSnapshots(variant)) return 0;
  const versions = versionsNeeded(profile) * (profile.freshEnvironments ? 2 : 1);
  return versions * Math.max(LEAST_KEPT_S, loadSeconds + AROUND_LOAD_S);
}
