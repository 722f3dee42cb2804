import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../cloud/cloud.ts';
import type { Profile, Slot, Warning } from '../model.ts';
import { opens } from './schedule.ts';

export interface Replacing {
  readonly profile: Profile;
  readonly slots: readonly Slot[];
  readonly deployment: Deployment;
  readonly guardMs: number;
}

/** Into the gap, ms: the last request of the slot before may still be on its way, and must not open a new environment. */
const AFTER_LAST_ARRIVAL_MS = 60;

/**
 * Replaces the environments of each opening slot's variant in its guard gap.
 *
 * @param startMs when the load began, ms since the epoch.
 * @param late gets how late, in ms past its gap, each replacement was done that took longer than the gap.
 * @param signal ends the waiting.
 */
export async function replaceOnSchedule(
  replacing: Replacing,
  startMs: number,
  late: number[],
  signal: AbortSignal,
): Promise<void> {
  for (const slot of replacing.slots.filter(({ block }) => opens(replacing.profile, block))) {
    const dueMs = startMs + slot.startMs + AFTER_LAST_ARRIVAL_MS;
    await sleep(Math.max(0, dueMs - Date.now()), undefined, { signal });
    await replacing.deployment.freshEnvironments(slot.variant);
    const past = Date.now() - (startMs + slot.startMs + replacing.guardMs);
    if (past > 0) late.push(past);
  }
}

export function lateWarning(late: readonly number[], replacing: Replacing): Warning[] {
  if (late.length === 0) return [];
  const worst = Math.round(Math.max(...late));
  return [
    {
      code: 'environments-late',
      message:
        `Replacing execution environments took longer than the gap of ${replacing.guardMs} ms before ${late.length} ` +
        `of ${replacing.slots.length} slots, by up to ${worst} ms; early requests there may have met old ones.`,
      data: { slots: late.length, gapMs: replacing.guardMs, worstMs: worst },
    },
  ];
}
