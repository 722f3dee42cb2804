import type { Profile, RateChoice } from '../model.ts';
import { type SlotTiming, USUAL_TIMING } from './schedule.ts';

/** What the pilot measured of one variant, ms. */
export interface PilotMeasure {
  readonly variant: string;
  /** Replacing all environments. */
  readonly replaceMs: number;
  /** Slowest cold request of the opening burst. */
  readonly coldMs: number;
  /** The whole opening burst: cold and warm-up requests, all environments at once. */
  readonly openingMs: number;
  /** Median latency of warm requests sent one after the other. */
  readonly p50Ms: number;
}

/** A quarter of the cores, because the load generator, the gateway and the storage servers share the other three. */
const BUSY_SHARE = 0.25;
const MIN_RATE = 5;
export const MAX_RATE = 50;

/**
 * The rate of the measured windows, the same for all variants so that none is measured under other load.
 * `auto` is the highest rate at which the slowest variant keeps at most a quarter of the cores busy
 * (Little's law: requests under way = rate x latency): a saturated machine measures its own queue, not the function.
 * At least 5/s, or a slot has too few requests for a quantile; at most 50/s, which the method was
 * calibrated at and which leaves room for a hiccup: at 100/s of 4 ms on two cores one was seen to snowball.
 */
export function chooseRate(
  rate: Profile['rate'],
  pilots: readonly PilotMeasure[],
  cores: number,
): RateChoice {
  const pilotMs = Object.fromEntries(pilots.map((pilot) => [pilot.variant, pilot.p50Ms]));
  if (rate !== 'auto') return { rate, by: 'config', pilotMs, reason: 'given by the configuration' };
  const slowest = slowestOf(pilots);
  const unbounded = (BUSY_SHARE * cores * 1000) / slowest.p50Ms;
  const chosen = Math.min(MAX_RATE, Math.max(MIN_RATE, Math.floor(unbounded)));
  const busy = ((chosen * slowest.p50Ms) / 1000 / cores) * 100;
  const bound = chosen === MAX_RATE ? ', the upper bound' : chosen === MIN_RATE ? ', the lower bound' : '';
  const reason =
    `${chosen}/s${bound}: the slowest variant, ${slowest.variant}, takes ${slowest.p50Ms.toFixed(1)} ms (p50) ` +
    `and so keeps ${busy.toFixed(0)} % of ${cores} cores busy (limit ${BUSY_SHARE * 100} %)`;
  return { rate: chosen, by: 'pilot', pilotMs, reason };
}

/** Room for the unlucky slot: a burst may take half as long again as the pilot's did. */
const SLACK = 1.5;

/**
 * Guard and opening long enough for the slowest variant, so that neither spills into a measured window.
 *
 * @param aheadMs how long before the guard replacing can begin: where functions alternate, while a block is measured on
 *   the others.
 */
export function timingFor(pilots: readonly PilotMeasure[], aheadMs = 0): SlotTiming {
  const longest = (of: (pilot: PilotMeasure) => number) => Math.ceil(Math.max(...pilots.map(of)) * SLACK);
  return {
    guardMs: Math.max(USUAL_TIMING.guardMs, longest((pilot) => pilot.replaceMs) - aheadMs),
    openingMs: Math.max(
      USUAL_TIMING.openingMs,
      longest((pilot) => pilot.openingMs),
    ),
  };
}

const FEWEST_USERS = 10;
const STALL_SECONDS = 1;
/** Of a run that lasts: k6 makes users for two blocks there, whose windows could overlap, and each holds memory to the end. */
const STALL_SECONDS_OF_KEPT = 0.25;

/**
 * Virtual users of a variant that keep the arrival rate through a stall, or through requests four times as slow as the
 * slowest variant's. All are made before the run: k6 drops the arrival that finds none free, and to make one more then
 * skews latencies and takes memory for good (three stalls in a soak of two hours cost it 10 MB of 110).
 */
export function virtualUsers(
  rate: number,
  pilots: readonly PilotMeasure[],
  { freshEnvironments }: Pick<Profile, 'freshEnvironments'>,
): number {
  const stallSeconds = freshEnvironments ? STALL_SECONDS : STALL_SECONDS_OF_KEPT;
  const seconds = Math.max(stallSeconds, (4 * slowestOf(pilots).p50Ms) / 1000);
  return Math.max(FEWEST_USERS, Math.ceil(rate * seconds));
}

/** Seconds after which a request is given up and counted as an error without a response. */
export function requestTimeout(pilots: readonly PilotMeasure[]): number {
  return Math.max(10, Math.ceil((3 * Math.max(...pilots.map((pilot) => pilot.coldMs))) / 1000));
}

function slowestOf(pilots: readonly PilotMeasure[]): PilotMeasure {
  return pilots.reduce((slowest, pilot) => (pilot.p50Ms > slowest.p50Ms ? pilot : slowest));
}
