/** Whole reference runs, put through the real `compare` as if they had been collected. */
import { type Analysis, compare } from '../../compare/compare.ts';
import type { MetricId } from '../../compare/metrics.ts';
import type { EnvironmentSample, SlotSamples, Variant } from '../../model.ts';
import type { Comparison } from '../../result.ts';
import { type Outcome, outcome } from './agreement.ts';

interface ReferenceSlot {
  readonly block: number;
  readonly variant: 'A' | 'B';
  readonly position: number;
  readonly env: readonly number[];
  readonly ms: readonly number[];
  readonly coldMs: readonly number[];
  readonly memoryMb: readonly number[];
  readonly errors: number;
  readonly requests: number;
}

export interface ReferenceRun {
  readonly id: string;
  readonly slots: readonly ReferenceSlot[];
  readonly expected: {
    readonly environmentsReused: boolean;
    readonly metrics: Readonly<Record<string, ReferenceComparison>>;
    readonly errors: Readonly<Record<string, number>>;
  };
}

interface ReferenceComparison {
  readonly blocks: number;
  readonly ratio: number;
  readonly estimate: number;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly p: number;
  readonly pHolm: number;
  readonly verdict: string;
  /** The block log-ratios, given for p50 and p99. */
  readonly d?: readonly number[];
}

/** The reference's metrics under our ids. Its mean is of unrounded ms, which our billed column carries here. */
const METRIC_OF: Readonly<Record<string, MetricId>> = {
  p50: 'duration.p50',
  p90: 'duration.p90',
  p95: 'duration.p95',
  p99: 'duration.p99',
  mean: 'billed.mean',
  cold: 'cold.total',
  memory: 'memory.max',
};
const TOLERANCE = 1e-7;

/** One outcome per metric, one for the errors, and one for whether reuse of environments was seen. */
export function checkRun(run: ReferenceRun): Outcome[] {
  const name = `datasets.json ${run.id}`;
  const analysis = analyse(run);
  const pair = analysis.pairs[0]!;
  const { difference, lo, hi, base, head } = pair.errors;
  const errors = { diff: difference, lo, hi, deffA: base.designEffect, deffB: head.designEffect };
  const reused = analysis.warnings.some(({ code }) => code === 'reused-environments-fallback');
  return [
    ...Object.entries(METRIC_OF).map(([theirs, id]) => {
      const ours = pair.comparisons.find(({ metric }) => metric === id)!;
      return outcome(
        `${name} ${theirs}`,
        inTheirShape(ours),
        wanted(run.expected.metrics[theirs]),
        TOLERANCE,
      );
    }),
    outcome(`${name} errors`, errors, run.expected.errors, TOLERANCE),
    outcome(`${name} reuse`, reused, run.expected.environmentsReused, 0),
  ];
}

function inTheirShape(comparison: Comparison) {
  const { n, estimate, lo, hi, p, pHolm, verdict, blocks } = comparison;
  if (verdict === 'not available') return { verdict };
  const ratio = estimate === null ? null : Math.exp(estimate);
  return { blocks: n, ratio, estimate, lo, hi, p, pHolm, verdict, d: blocks.map(({ logRatio }) => logRatio) };
}

/** What the reference leaves out (cold starts and memory of reused environments) must have no verdict here. */
function wanted(comparison: ReferenceComparison | undefined) {
  if (comparison === undefined) return { verdict: 'not available' };
  const { blocks, ratio, estimate, lo, hi, p, pHolm, verdict, d } = comparison;
  return { blocks, ratio, estimate, lo, hi, p, pHolm, verdict, ...(d === undefined ? {} : { d }) };
}

/** The reference judges its seven metrics only, and p99 of however few requests. */
function analyse(run: ReferenceRun): Analysis {
  const variants = ['A', 'B'].map(variantNamed);
  return compare({
    config: { variants, pairs: [{ base: 'A', head: 'B' }], region: 'us-east-1', coldShare: 0.01 },
    artifacts: variants.map((variant) => ({ variant, sha256: variant.name })),
    run: { slots: [], startMs: 0 },
    collected: { slots: run.slots.map(slotOf) },
    target: { kind: 'scripted' },
    options: { metrics: Object.values(METRIC_OF), p99Requests: 1 },
  });
}

function variantNamed(name: string): Variant {
  return {
    name,
    source: '',
    build: 'zip',
    runtime: 'provided.al2023',
    handler: 'bootstrap',
    architecture: 'x86_64',
    memoryMb: 1769,
    timeoutSeconds: 10,
    environment: {},
  };
}

function slotOf(slot: ReferenceSlot): SlotSamples {
  const ids = [...new Set(slot.env)];
  const ms = Float64Array.from(slot.ms);
  const none = new Float64Array();
  const count = Math.max(ids.length, slot.coldMs.length, slot.memoryMb.length);
  return {
    block: slot.block,
    position: slot.position,
    variant: slot.variant,
    startMs: slot.block,
    requests: slot.requests,
    errors: slot.errors,
    dropped: 0,
    unmatched: 0,
    environments: Array.from({ length: count }, (_, i) => environmentOf(slot, ids[i] ?? `unseen ${i}`, i)),
    warm: {
      environment: Uint16Array.from(slot.env, (id) => ids.indexOf(id)),
      endMs: ms.map(() => slot.block),
      clientMs: ms,
      durationMs: ms,
      billedMs: ms,
      cpuMs: none,
      s3Ms: none,
      dynamodbMs: none,
      handlerMs: none,
    },
  };
}

/** A cold start of the reference is one number: it stands as init with a first call of no time. */
function environmentOf(slot: ReferenceSlot, id: number | string, i: number): EnvironmentSample {
  return {
    id: typeof id === 'number' ? `${slot.variant}-${id}` : `${slot.variant}-${slot.block}-${id}`,
    initMs: slot.coldMs[i] ?? null,
    firstCallMs: slot.coldMs[i] === undefined ? null : 0,
    firstBilledMs: null,
    maxMemoryMb: slot.memoryMb[i] ?? null,
    invocations: slot.env.filter((index) => index === id).length,
  };
}
