import type { Options, Scenario, Stage } from 'k6/options';
import type { Deployment } from '../cloud/cloud.ts';
import { isCold } from '../config/profiles.ts';
import type { LoadRequest, Profile, Sample, Slot } from '../model.ts';
import { endpointOf } from './alternates.ts';
import { addressOf } from './request.ts';
import { opens, type SlotTiming, type Turn, turnsOf } from './schedule.ts';

/** What the scenarios need to know beside the slots. */
export interface LoadShape {
  readonly profile: Profile;
  readonly deployment: Pick<Deployment, 'endpoints' | 'alternates' | 'signer'>;
  readonly request: LoadRequest;
  /** How a slot begins: without requests, then with its opening burst. */
  readonly timing: SlotTiming;
  /** Virtual users of a measured window, all made before the run. */
  readonly virtualUsers: number;
  /** Seconds after which a request is given up. */
  readonly timeoutSeconds: number;
}

/**
 * k6's options for the whole run: per slot a closed-loop opening (where there is one) and an open model in turns.
 * Requests time out before k6's graceful stop ends, because k6 drops an interrupted request without a trace.
 */
export function k6Options(slots: readonly Slot[], shape: LoadShape): Options {
  const scenarios: Record<string, Scenario> = {};
  for (const slot of slots) {
    if (opens(shape.profile, slot.block)) scenarios[scenarioName(slot, 'warm-up')] = opening(slot, shape);
    if (!isCold(shape.profile)) scenarios[scenarioName(slot, 'measured')] = measured(slot, shape);
  }
  const connections = shape.profile.freshEnvironments ? {} : keptConnections(shape);
  return { discardResponseBodies: true, systemTags: ['scenario'], ...connections, scenarios };
}

/**
 * What a virtual user of a long run keeps open: one connection to the function it calls and, where requests are signed,
 * one to the server that signs. k6 closes no connection that is idle, and within the hour each would hold one to every
 * function: of four variants, with room for two connections k6 took 115 MB after 15 minutes, with room for one 110.
 */
function keptConnections({ deployment }: LoadShape): Options {
  return { batch: deployment.signer === undefined ? 1 : 2, batchPerHost: 1 };
}

function opening(slot: Slot, shape: LoadShape): Scenario {
  return {
    ...common(slot, shape),
    executor: 'per-vu-iterations',
    vus: shape.profile.environments,
    iterations: 1 + shape.profile.warmupInvocations,
    startTime: time(slot.startMs + shape.timing.guardMs),
    maxDuration: time(shape.timing.openingMs),
  };
}

/**
 * All scenarios of a block begin together, half an arrival before its first turn: k6 sends the first request one arrival
 * after the beginning and the last one at the very end, and so none falls on the edge of a turn.
 */
function measured(slot: Slot, shape: LoadShape): Scenario {
  const leadMs = HALF_AN_ARRIVAL / slot.rate;
  const on = (ms: number): Stage => ({ target: slot.rate, duration: time(ms) });
  const turns = joined(turnsOf(slot));
  const stages = turns.flatMap(({ startMs, endMs }, nth) => {
    const pauseMs = startMs - (turns[nth - 1]?.endMs ?? slot.measureMs);
    return [...pause(pauseMs), on(0), on(endMs - startMs + (nth === 0 ? leadMs : 0))];
  });
  return {
    ...common(slot, shape),
    executor: 'ramping-arrival-rate',
    startRate: slot.rate,
    timeUnit: '1s',
    startTime: time(slot.measureMs - leadMs),
    stages: [...stages, ...pause(TAIL_MS)],
    preAllocatedVUs: shape.virtualUsers,
    maxVUs: shape.virtualUsers,
  };
}

/** ms at a rate of one a second. */
const HALF_AN_ARRIVAL = 500;
/** What is due when a scenario ends may not be sent. */
const TAIL_MS = 100;

/** The others' turns: the rate jumps to zero. */
function pause(ms: number): Stage[] {
  if (ms === 0) return [];
  return [
    { target: 0, duration: time(0) },
    { target: 0, duration: time(ms) },
  ];
}

/** To the microsecond: k6 does not read exponents. */
const time = (ms: number): string => `${Number(ms.toFixed(3))}ms`;

/** Turns that follow each other at once are one, so that a long run's options stay small. */
function joined(turns: readonly Turn[]): Turn[] {
  const apart: Turn[] = [];
  for (const turn of turns) {
    const last = apart.at(-1);
    if (last?.endMs === turn.startMs) apart[apart.length - 1] = { startMs: last.startMs, endMs: turn.endMs };
    else apart.push(turn);
  }
  return apart;
}

function common(slot: Slot, shape: LoadShape) {
  const { method, headers, body } = shape.request;
  return {
    gracefulStop: `${shape.timeoutSeconds + 1}s`,
    env: {
      URL: addressOf(endpointOf(shape.deployment, slot.variant, slot.block)!, shape.request),
      METHOD: method,
      HEADERS: JSON.stringify(headers),
      BODY: body ?? '',
      TIMEOUT: `${shape.timeoutSeconds}s`,
    },
  };
}

type Phase = Sample['phase'];

/** Variant names have no underscore, so the name can be taken apart again. */
function scenarioName(slot: Pick<Slot, 'block' | 'variant'>, phase: Phase): string {
  return `${slot.block}_${phase}_${slot.variant}`;
}

/** @returns null for a name that is not one of ours. */
export function readScenarioName(name: string): { block: number; phase: Phase; variant: string } | null {
  const parts = /^(\d{1,6})_(warm-up|measured)_([a-z0-9-]+)$/.exec(name);
  if (parts === null) return null;
  return { block: Number(parts[1]), phase: parts[2] as Phase, variant: parts[3]! };
}
