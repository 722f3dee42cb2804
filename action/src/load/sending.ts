import { clockMovedMs, now } from '../clock.ts';
import {
  type LoadRun,
  type RateChoice,
  type Shard,
  type Slot,
  TRUST_LIMITS,
  type Warning,
} from '../model.ts';
import { busyShare, cpuTimes } from './cpu.ts';
import type { Journal } from './journal.ts';
import type { K6 } from './k6.ts';
import type { Recorder } from './recorder.ts';
import { lateWarning, type Replacing } from './replace.ts';
import type { Standing } from './replay.ts';
import type { LoadShape } from './scenarios.ts';

export interface Plan {
  readonly slots: readonly Slot[];
  readonly rateChoice: RateChoice;
  readonly shape: LoadShape;
  readonly shard: Shard | null;
  /** When to begin, ms since the epoch; absent for as soon as all is ready. */
  readonly startAtMs?: number;
  readonly warnings: readonly Warning[];
}

/** A load under way. */
export interface Sending {
  readonly journal: Journal;
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly k6: K6;
  readonly replacing: Replacing;
  /** ms since the epoch, by a clock that nobody sets. */
  readonly startMs: number;
  readonly cpuBefore: ReturnType<typeof cpuTimes>;
  /** How late environments were replaced, ms; grows. */
  readonly late: number[];
}

/** Where a run is cut off. */
interface Cut extends Pick<LoadRun, 'endMs' | 'stoppedAtLook'> {
  readonly blocks: number;
}

export const whole = ({ shape }: Plan): Cut => ({
  blocks: shape.profile.blocks,
  endMs: now(),
  stoppedAtLook: null,
});

/** The run as if it had ended after so many blocks. */
export function soFar(sending: Sending, cut: Cut): LoadRun {
  const { recorder, journal } = sending;
  const isIn = ({ block }: { readonly block: number }) => block < cut.blocks;
  return {
    ...standing(sending, cut),
    samples: journal.samples(isIn),
    dropped: new Map([...recorder.dropped].filter(([slot]) => Number.parseInt(slot, 10) < cut.blocks)),
  };
}

/** Everything but the requests themselves. */
export function standing(sending: Sending, { blocks, endMs, stoppedAtLook } = whole(sending.plan)): Standing {
  const { plan, recorder, startMs, cpuBefore, late, replacing } = sending;
  const cpuBusy = busyShare(cpuBefore, cpuTimes());
  const seen = [...lateWarning(late, replacing), ...clockWarning(clockMovedMs()), ...busyWarning(cpuBusy)];
  return {
    slots: plan.slots.filter(({ block }) => block < blocks),
    startMs,
    endMs,
    rateChoice: plan.rateChoice,
    unreadableLines: recorder.unreadable,
    warnings: [...plan.warnings, ...seen, ...recorder.warnings()],
    cpuBusy,
    stoppedAtLook,
  };
}

function busyWarning(cpuBusy: number | null): Warning[] {
  if (cpuBusy === null || cpuBusy <= TRUST_LIMITS.cpuBusy) return [];
  const percent = Math.round(cpuBusy * 100);
  const message = `The machine was ${percent} % busy during load (limit ${TRUST_LIMITS.cpuBusy * 100} %); lower the rate.`;
  return [{ code: 'machine-saturated', message, data: { percent } }];
}

/** Before load, too: samples have the wall clock's time, and the load's beginning that of the monotonic one. */
function clockWarning(ms: number): Warning[] {
  if (Math.abs(ms) < 100) return [];
  const message = `The clock of this machine was moved by ${ms} ms during the run; times of samples are off by that.`;
  return [{ code: 'clock-moved', message, data: { ms } }];
}
