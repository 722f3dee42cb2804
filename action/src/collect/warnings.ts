import { isCold } from '../config/profiles.ts';
import { RELATIVE_ERROR } from '../histogram.ts';
import {
  type Collected,
  type LoadRun,
  type Profile,
  type SlotSamples,
  TRUST_LIMITS,
  type Warning,
} from '../model.ts';
import type { Joined } from './join.ts';

export interface Findings {
  readonly run: LoadRun;
  readonly profile: Profile;
  readonly joined: Joined;
  readonly coverage: number;
  readonly generatorLag: Collected['generatorLag'];
}

/** Everything a reader must know before believing the samples; each is one sentence with its numbers. */
export function warningsOf(findings: Findings): Warning[] {
  return [
    coverageWarning(findings),
    bucketsWarning(findings),
    duplicatesWarning(findings),
    lostRequests(findings),
    droppedWarning(findings),
    fewEnvironments(findings),
    reusedEnvironments(findings),
    coldInWindow(findings),
    unverifiedCold(findings),
    lagWarning(findings),
    clockBackwards(findings),
  ].filter((warning) => warning !== null);
}

function coverageWarning({ joined, coverage }: Findings): Warning | null {
  if (coverage === 1) return null;
  const { answered, matched } = joined;
  const percent = (coverage * 100).toFixed(2);
  return {
    code: 'coverage',
    message: `Of ${answered} answered requests ${matched} have a platform record (${percent} %); the others are in no Duration.`,
    data: { answered, matched },
  };
}

function bucketsWarning({ joined: { slots } }: Findings): Warning | null {
  const requests = sum(slots, ({ histograms }) => histograms?.clientMs.length ?? 0);
  if (requests === 0) return null;
  const percent = (RELATIVE_ERROR * 100).toFixed(1);
  const drawn = sum(slots, ({ warm }) => warm.clientMs.length);
  const message =
    `The run has ${requests} warm requests, too many to keep each: quantiles are from histograms, within ${percent} % of ` +
    `exact, and what is told of environments from ${drawn} requests drawn at random.`;
  return { code: 'latencies-in-buckets', message, data: { requests, percent, drawn } };
}

function duplicatesWarning({ joined: { duplicates } }: Findings): Warning | null {
  if (duplicates === 0) return null;
  const message = `${duplicates} platform records came more than once; each was counted once.`;
  return { code: 'duplicate-records', message, data: { duplicates } };
}

/**
 * k6 drops a request that it interrupts without a trace; only the platform knows of it. A request without an answer has
 * no id to be found by, and what came after a run that ended early is nobody's loss.
 */
function lostRequests({ run, joined }: Findings): Warning | null {
  const unanswered = sum(joined.slots, (slot) => slot.requests) - joined.answered;
  const lost = joined.foreign - unanswered;
  if (run.stoppedAtLook !== null || lost <= 0) return null;
  const message =
    `${lost} invocations belong to no request that was counted: the load generator lost requests, or somebody else ` +
    'called the functions.';
  return { code: 'requests-lost', message, data: { invocations: lost } };
}

function droppedWarning({ run, joined }: Findings): Warning | null {
  const dropped = sum(joined.slots, (slot) => slot.dropped);
  if (dropped === 0) return null;
  const slots = joined.slots.filter((slot) => slot.dropped > 0).length;
  const message =
    `${dropped} requests were not sent in ${slots} of ${run.slots.length} slots, because every virtual user was ` +
    'still waiting for an answer: latencies there look better than they were.';
  return { code: 'dropped-iterations', message, data: { dropped, slots } };
}

function fewEnvironments({ profile, joined }: Findings): Warning | null {
  const opened = joined.slots.filter((slot) => profile.freshEnvironments || slot.block === 0);
  const few = opened.filter((slot) => slot.environments.length < profile.environments);
  if (few.length === 0) return null;
  const least = few.reduce(
    (fewest, slot) => Math.min(fewest, slot.environments.length),
    Number.POSITIVE_INFINITY,
  );
  const message =
    `${few.length} of ${opened.length} slots were served by fewer than ${profile.environments} execution ` +
    `environments (the fewest: ${least}).`;
  return {
    code: 'few-environments',
    message,
    data: { slots: few.length, asked: profile.environments, least },
  };
}

function reusedEnvironments({ profile, joined }: Findings): Warning | null {
  if (!profile.freshEnvironments) return null;
  const blocks = new Map<string, number>();
  for (const { environments } of joined.slots) {
    for (const { id } of environments) blocks.set(id, (blocks.get(id) ?? 0) + 1);
  }
  const reused = [...blocks.values()].filter((count) => count > 1).length;
  if (reused === 0) return null;
  const message =
    `${reused} of ${blocks.size} execution environments served more than one slot although each slot was to have ` +
    'new ones: slots are not independent.';
  return { code: 'environments-reused', message, data: { reused, environments: blocks.size } };
}

function coldInWindow({ joined: { coldMeasured } }: Findings): Warning | null {
  if (coldMeasured === 0) return null;
  const message =
    `${coldMeasured} requests of measured windows met a cold environment: the opening burst had started too few, or ` +
    'one was replaced while it was measured. They are not in the latencies.';
  return { code: 'cold-in-window', message, data: { requests: coldMeasured } };
}

/** A start counts when the platform reports its init and it served nothing else. */
function unverifiedCold({ profile, joined }: Findings): Warning | null {
  if (!isCold(profile)) return null;
  const requests = sum(joined.slots, (slot) => slot.requests);
  const environments = joined.slots.flatMap((slot) => slot.environments);
  const verified = environments.filter(
    ({ initMs, invocations }) => initMs !== null && invocations === 1,
  ).length;
  if (verified === requests) return null;
  const message =
    `Of ${requests} requests that were each to start an environment, ${verified} did, by the platform's own record of ` +
    'the init and as the only call of the environment in its slot.';
  return { code: 'cold-unverified', message, data: { requests, verified } };
}

/** The median is left out of the judgement: on AWS it is the distance to the region, which harms nobody. */
function lagWarning({ generatorLag: lag }: Findings): Warning | null {
  if (lag === null || lag.p99 - lag.p50 <= TRUST_LIMITS.lagSpreadMs) return null;
  const message =
    `Client latency exceeds Duration by ${lag.p50.toFixed(1)} ms at p50 but ${lag.p99.toFixed(1)} ms at p99 (limit ` +
    `${TRUST_LIMITS.lagSpreadMs} ms apart): the load generator or the network was slow at times.`;
  return { code: 'generator-lag', message, data: { p50Ms: lag.p50, p99Ms: lag.p99 } };
}

/** Samples come in the order of their ends within the second that the generator gathers them in. */
const OUT_OF_ORDER_MS = 1000;

function clockBackwards({ run }: Findings): Warning | null {
  let latest = Number.NEGATIVE_INFINITY;
  let back = 0;
  for (const { endMs } of run.samples) {
    back = Math.max(back, latest - endMs);
    latest = Math.max(latest, endMs);
  }
  if (back <= OUT_OF_ORDER_MS) return null;
  const ms = Math.round(back);
  const message = `The load generator's clock went back by ${ms} ms during the run; times of samples are not in order.`;
  return { code: 'clock-backwards', message, data: { ms } };
}

function sum(slots: readonly SlotSamples[], value: (slot: SlotSamples) => number): number {
  return slots.reduce((total, slot) => total + value(slot), 0);
}
