import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../clock.ts';
import type { Deployment } from '../cloud/cloud.ts';
import type { Profile, Slot, Warning } from '../model.ts';
import { isAlternate } from './alternates.ts';
import { opens } from './schedule.ts';

export interface Replacing {
  readonly profile: Profile;
  readonly slots: readonly Slot[];
  readonly deployment: Deployment;
  readonly guardMs: number;
}

/** Into the gap, ms: the block's last request may still be on its way, and must not open a new environment. */
export const AFTER_LAST_ARRIVAL_MS = 60;

/**
 * Replaces the environments that each opening slot will meet: those of all variants in the gap before the block, or,
 * where a variant has two functions that alternate, while the block before runs on the other one. Variants do not wait
 * for each other. All end before any starts: replaced one variant after the other, functions of the same code differed by
 * up to 1 % of CPU time for a whole run, which is in no interval. That is gone so, and what is left depends on the place
 * in a block, which is drawn; a likely reason is that a process gets the memory that was freed last.
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
  const variants = [...new Set(replacing.slots.map(({ variant }) => variant))];
  await Promise.all(variants.map((variant) => replaceFor(variant, replacing, startMs, late, signal)));
}

async function replaceFor(
  variant: string,
  { deployment, slots, profile, guardMs }: Replacing,
  startMs: number,
  late: number[],
  signal: AbortSignal,
): Promise<void> {
  const own = slots.filter((slot) => slot.variant === variant);
  const alternates = deployment.alternates?.has(variant) === true;
  for (const [nth, slot] of own.entries()) {
    if (!opens(profile, slot.block) || (alternates && nth === 0)) continue;
    const gap = alternates ? own[nth - 1]! : slots.find(({ block }) => block === slot.block)!;
    const dueMs = startMs + gap.startMs + AFTER_LAST_ARRIVAL_MS;
    await sleep(Math.max(0, dueMs - now()), undefined, { signal });
    await deployment.freshEnvironments(variant, isAlternate(deployment, variant, slot.block));
    const past = now() - (startMs + slot.startMs + guardMs);
    if (past > 0) late.push(past);
  }
}

/** Functions that alternate have no block before their first; the pilot has used them. */
export async function beforeFirstBlock(slots: readonly Slot[], deployment: Deployment): Promise<void> {
  const first = slots.filter(({ block, variant }) => block === 0 && deployment.alternates?.has(variant));
  await Promise.all(first.map(({ variant }) => deployment.freshEnvironments(variant)));
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
