import { baseNameOf, type Collected, type LoadRun, type SlotSamples, TRUST_LIMITS } from '../model.ts';
import type { Comparison, Gate, PairResult, Result } from '../result.ts';

/** Whether the run kept to `TRUST_LIMITS`, limit by limit. */
export function trustGates(run: LoadRun, collected: Collected): Gate[] {
  const lag =
    collected.generatorLag === null ? null : collected.generatorLag.p99 - collected.generatorLag.p50;
  return [
    atMost(
      'cpu-busy',
      run.cpuBusy,
      TRUST_LIMITS.cpuBusy,
      'share',
      'The machine had CPU to spare during load; if not, lower load.rate.',
    ),
    droppedGate(collected.slots),
    atMost(
      'generator-lag',
      lag,
      TRUST_LIMITS.lagSpreadMs,
      'ms',
      'Waiting outside the function was steady (p99 less p50 of client latency minus Duration); if not, quieten the machine or lower load.rate.',
    ),
    atLeast(
      'coverage',
      collected.coverage,
      TRUST_LIMITS.coverage,
      'share',
      'Answered requests have their platform record; if not, see the warnings.',
    ),
    errorGate(collected.slots),
  ];
}

/** What an import can be asked: the client's side alone tells it. */
export function clientGates(slots: readonly SlotSamples[]): Gate[] {
  return [droppedGate(slots), errorGate(slots)];
}

function droppedGate(slots: readonly SlotSamples[]): Gate {
  const dropped = sum(slots, (slot) => slot.dropped);
  return atMost(
    'dropped-iterations',
    share(dropped, sum(slots, (slot) => slot.requests) + dropped),
    TRUST_LIMITS.droppedShare,
    'share',
    'Every request was sent when it was due; if not, lower load.rate.',
  );
}

function errorGate(slots: readonly SlotSamples[]): Gate {
  return atMost(
    'errors',
    share(
      sum(slots, (slot) => slot.errors),
      sum(slots, (slot) => slot.requests),
    ),
    TRUST_LIMITS.errorShare,
    'share',
    'Nearly all requests succeeded; if not, latency speaks for the survivors only: see the errors.',
  );
}

/**
 * The pairs that a run is judged by. Of a change that was measured beside its base only those of head and base: how two
 * variants differ from each other is not its doing.
 */
export function judgedPairs({ pairs, provenance }: Pick<Result, 'pairs' | 'provenance'>): PairResult[] {
  const claims = pairs.filter(({ control }) => !control);
  return provenance.base === null ? claims : claims.filter(({ base, head }) => base === baseNameOf(head));
}

/**
 * What fails a run: ids of trust gates, controls that differ, and `HEAD is worse than BASE: METRIC` for every regression,
 * unless a control differs: then no verdict is to be trusted.
 */
export function failedGates(result: Result): string[] {
  const trust = result.gates.filter((gate) => !gate.passed).map((gate) => gate.id);
  const dirty = result.pairs
    .filter(({ noise }) => noise?.clean === false)
    .map(({ base, head }) => `the control ${head} differs from ${base}`);
  return [...trust, ...(dirty.length > 0 ? dirty : regressions(result))];
}

function regressions(result: Result): string[] {
  return judgedPairs(result).flatMap(({ base, head, comparisons }) =>
    comparisons
      .filter((comparison) => comparison.family === 'gate' && isRegression(comparison))
      .map(({ metric }) => `${head} is worse than ${base}: ${metric}`),
  );
}

/** Worse by the practical margin or more. */
export function isRegression({ verdict, estimate, margin }: Comparison): boolean {
  return verdict === 'worse' && estimate !== null && estimate >= margin;
}

const atMost = (id: string, observed: number | null, limit: number, unit: string, message: string): Gate => ({
  id,
  observed,
  limit,
  unit,
  message,
  passed: observed === null || observed <= limit,
});

const atLeast = (
  id: string,
  observed: number | null,
  limit: number,
  unit: string,
  message: string,
): Gate => ({ id, observed, limit, unit, message, passed: observed !== null && observed >= limit });

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
