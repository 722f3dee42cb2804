import type { EnvironmentSample, Invocation, LoadRun, Profile, Sample, Slot, SlotSamples } from '../model.ts';
import { type Recorded, Records } from './records.ts';
import { WarmCollector } from './warm.ts';

export interface Joined {
  readonly slots: readonly SlotSamples[];
  /** Requests that got a response, whatever its status. */
  readonly answered: number;
  /** Those of them that have their platform record. */
  readonly matched: number;
  /** Platform records, each counted once, that match no request. */
  readonly foreign: number;
  /** Platform records that came more than once. */
  readonly duplicates: number;
  /** Measured requests that met a cold environment. */
  readonly coldMeasured: number;
}

/** How many warm requests are kept. */
export interface Limits {
  /** Of a run that plans no more than these, every one: 66 bytes each. */
  readonly exact: number;
  /** Of a longer run histograms hold all, and so many are kept beside them, spread evenly over its slots. */
  readonly drawn: number;
}

export const LIMITS: Limits = { exact: 20_000_000, drawn: 2_000_000 };

/**
 * Puts client samples and platform records together by request id (no clock of one machine is held against another's)
 * and sorts them into slots, in the order of `run.slots`. A slot without requests stays, empty. Both are read once and
 * forgotten: what is held does not grow with a run beyond `limits`.
 */
export function join(
  run: LoadRun,
  invocations: Iterable<Invocation>,
  profile: Profile,
  limits = LIMITS,
): Joined {
  using records = new Records(invocations);
  const mostRows = mostRowsOf(run.slots, limits);
  const slots = new Map(
    run.slots.map((slot) => [keyOf(slot), new SlotCollector(slot, profile.warmupInvocations, mostRows)]),
  );
  const totals = { answered: 0, matched: 0, coldMeasured: 0 };
  for (const sample of run.samples) {
    const record = records.take(sample.requestId);
    if (sample.status > 0) totals.answered++;
    if (sample.status > 0 && record !== null) totals.matched++;
    if (sample.phase === 'measured' && nthOf(sample, record) === 1) totals.coldMeasured++;
    slots.get(keyOf(sample))?.add(sample, record);
  }
  const done = [...slots].map(([key, slot]) => slot.finish(run.startMs, run.dropped.get(key) ?? 0));
  const foreign = records.untaken();
  return { slots: done, ...totals, foreign, duplicates: records.duplicates };
}

/** Rows a slot may keep; Infinity for every one. An open-model load sends no more than it plans. */
function mostRowsOf(slots: readonly Slot[], { exact, drawn }: Limits): number {
  const planned = slots.reduce((sum, { rate, measuredMs }) => sum + (rate * measuredMs) / 1000, 0);
  return planned <= exact ? Number.POSITIVE_INFINITY : Math.ceil(drawn / slots.length);
}

function keyOf(place: Pick<Slot, 'block' | 'variant'>): string {
  return `${place.block}/${place.variant}`;
}

/** 1 for an environment's cold invocation: by the function's own word, else by counting records; 0 for unknown. */
function nthOf(sample: Sample, record: Recorded | null): number {
  return sample.invocation > 0 ? sample.invocation : (record?.nth ?? 0);
}

/** Gathers one slot. */
class SlotCollector {
  #requests = 0;
  #errors = 0;
  #unmatched = 0;
  readonly #slot: Slot;
  readonly #warmup: number;
  readonly #environments = new Map<string, EnvironmentSample & { readonly index: number }>();
  readonly #warm: WarmCollector;

  constructor(slot: Slot, warmupInvocations: number, mostRows: number) {
    this.#slot = slot;
    this.#warmup = warmupInvocations;
    this.#warm = new WarmCollector(mostRows);
  }

  add(sample: Sample, record: Recorded | null): void {
    const succeeded = sample.status >= 200 && sample.status < 300;
    this.#requests++;
    if (!succeeded) this.#errors++;
    if (record === null && sample.status > 0) this.#unmatched++;
    const environment = this.#environment(sample, record);
    if (record === null || environment === null || !succeeded || sample.phase !== 'measured') return;
    if (nthOf(sample, record) > 1 + this.#warmup) this.#warm.add(environment, sample, record.invocation);
  }

  /** Index of the environment that served the sample; null when nobody names it. */
  #environment(sample: Sample, record: Recorded | null): number | null {
    const id = sample.environmentId || record?.invocation.environmentId || '';
    if (id === '') return null;
    const known = this.#environments.get(id);
    const index = known?.index ?? this.#environments.size;
    this.#environments.set(id, { ...served(known ?? unseen(id), record?.invocation ?? null), index });
    return index;
  }

  finish(runStartMs: number, dropped: number): SlotSamples {
    const { block, position, variant, startMs } = this.#slot;
    return {
      ...{ block, position, variant, startMs: runStartMs + startMs, dropped },
      ...{ requests: this.#requests, errors: this.#errors, unmatched: this.#unmatched },
      ...this.#warm.finish(),
      environments: [...this.#environments.values()].map(({ index: _, ...environment }) => environment),
    };
  }
}

function unseen(id: string): EnvironmentSample {
  return { id, initMs: null, firstCallMs: null, firstBilledMs: null, maxMemoryMb: null, invocations: 0 };
}

/** The environment after one more invocation; only the first record with an init tells of its start. */
function served(environment: EnvironmentSample, record: Invocation | null): EnvironmentSample {
  const invocations = environment.invocations + 1;
  if (record === null) return { ...environment, invocations };
  // Nothing runs in 0 MB: the machine did not tell.
  const maxMemoryMb = Math.max(environment.maxMemoryMb ?? 0, record.maxMemoryUsedMb) || null;
  if (environment.initMs !== null || record.initDurationMs === null)
    return { ...environment, invocations, maxMemoryMb };
  return {
    ...{ id: environment.id, invocations, maxMemoryMb },
    initMs: record.initDurationMs,
    firstCallMs: record.durationMs,
    firstBilledMs: record.billedDurationMs,
  };
}
