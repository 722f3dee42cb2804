import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotSamples } from '../model.ts';
import { type CompareInput, compare } from './compare.ts';
import { hodgesLehmann, hodgesLehmannInterval } from './hodges-lehmann.ts';
import { signedRank } from './signed-rank.ts';

const logRatios = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9;

describe('the block statistics', () => {
  it('flip their sign and keep p when the arms are swapped', () => {
    fc.assert(
      fc.property(logRatios, (d) => {
        const swapped = d.map((x) => -x);
        return (
          near(hodgesLehmann(swapped), -hodgesLehmann(d)) && near(signedRank(swapped).p, signedRank(d).p)
        );
      }),
    );
  });

  it('do not depend on the order of blocks', () => {
    fc.assert(
      fc.property(logRatios, (d) => {
        const reversed = [...d].reverse();
        return (
          near(hodgesLehmann(reversed), hodgesLehmann(d)) && near(signedRank(reversed).p, signedRank(d).p)
        );
      }),
    );
  });

  it('put the estimate inside the interval', () => {
    fc.assert(
      fc.property(logRatios, (d) => {
        const { lo, hi } = hodgesLehmannInterval(d, 0.95);
        const estimate = hodgesLehmann(d);
        return (lo === null && hi === null) || (lo! <= estimate && estimate <= hi!);
      }),
    );
  });
});

interface Shape {
  readonly blocks: number;
  readonly headScale: number;
  readonly requests?: number;
  readonly sameArtefact?: boolean;
  readonly mend?: (slot: SlotSamples) => SlotSamples;
}

/** A run of two variants whose latencies are a fixed spread times a scale; every number follows from the arguments. */
function runOf({
  blocks,
  headScale,
  requests = 40,
  sameArtefact = false,
  mend = (slot) => slot,
}: Shape): CompareInput {
  const variant = (name: string) => ({
    name,
    source: '/x',
    build: 'zip' as const,
    runtime: 'provided.al2023',
    handler: 'bootstrap',
    architecture: 'x86_64' as const,
    memoryMb: 1024,
    timeoutSeconds: 10,
    environment: {},
  });
  const names = ['base', 'head'];
  const slots = Array.from({ length: blocks }, (_, block) =>
    names.map((name) => mend(slotOf(block, name, name === 'head' ? headScale : 1, requests))),
  ).flat();
  return {
    config: {
      variants: names.map(variant),
      pairs: [{ base: 'base', head: 'head' }],
      region: 'us-east-1',
      coldShare: 0.01,
    },
    artifacts: names.map((name) => ({ variant: variant(name), sha256: sameArtefact ? 'one' : name })),
    run: {
      startMs: 0,
      slots: slots.map((slot) => ({
        block: slot.block,
        position: slot.position,
        variant: slot.variant,
        startMs: 0,
        measureMs: 1000,
        endMs: 2000,
        rate: 40,
      })),
    },
    collected: { slots },
    target: { kind: 'local' },
  };
}

function slotOf(block: number, variant: string, scale: number, requests: number): SlotSamples {
  // A spread of 1..2 and a wobble of the block, shared by both arms and a little different in each.
  const wobble = 1 + 0.01 * Math.sin(block * (variant === 'head' ? 1.7 : 2.3));
  const ms = Float64Array.from({ length: requests }, (_, i) => 10 * scale * wobble * (1 + i / requests));
  return {
    block,
    position: variant === 'head' ? 1 : 0,
    variant,
    startMs: block * 4000,
    requests: requests + 4,
    errors: 0,
    dropped: 0,
    unmatched: 0,
    warm: {
      environment: new Uint16Array(requests),
      endMs: ms.map((_, i) => block * 4000 + i),
      clientMs: ms.map((x) => x + 1),
      durationMs: ms,
      billedMs: ms.map(Math.ceil),
      cpuMs: ms.map((x) => x / 2),
      s3Ms: ms.map((x) => x / 4),
      dynamodbMs: ms.map((x) => x / 8),
      handlerMs: ms,
    },
    environments: [
      {
        id: `${variant}-${block}`,
        initMs: 100 * scale,
        firstCallMs: 20 * scale,
        firstBilledMs: 120 * scale,
        maxMemoryMb: 50 * scale,
        invocations: requests + 4,
      },
    ],
  };
}

const metricOf = (input: CompareInput, id: string) =>
  compare(input).pairs[0]!.comparisons.find((c) => c.metric === id)!;
const withDurations = (values: (slot: SlotSamples) => Float64Array) => (slot: SlotSamples) => ({
  ...slot,
  warm: { ...slot.warm, durationMs: values(slot) },
});

describe('comparing a run', () => {
  it('calls a head of half the time better, with the ratio inside its interval', () => {
    const p50 = metricOf(runOf({ blocks: 10, headScale: 0.5 }), 'duration.p50');
    expect(p50).toMatchObject({ verdict: 'better', beyondMargin: true, n: 10, method: 'signed-rank' });
    expect(p50.lo!).toBeLessThanOrEqual(Math.log(0.5) + 0.01);
    expect(p50.hi!).toBeGreaterThanOrEqual(Math.log(0.5) - 0.01);
    expect(p50.pSlower).toBeCloseTo(0, 1);
  });

  it('calls the same code a control without practical difference', () => {
    const { pairs } = compare(runOf({ blocks: 12, headScale: 1, sameArtefact: true }));
    expect(pairs[0]).toMatchObject({ control: true });
    expect(pairs[0]!.comparisons.filter((c) => c.family === 'gate').map((c) => c.verdict)).toEqual(
      Array(5).fill('no practical difference'),
    );
  });

  it('has too little data below eight blocks, and says so', () => {
    const { pairs, warnings } = compare(runOf({ blocks: 7, headScale: 3 }));
    expect(
      pairs[0]!.comparisons.every((c) => ['insufficient data', 'not available'].includes(c.verdict)),
    ).toBe(true);
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'too-few-blocks', data: expect.objectContaining({ blocks: 7 }) }),
    );
  });

  it('leaves p99 of few requests undecided', () => {
    expect(metricOf(runOf({ blocks: 10, headScale: 2 }), 'duration.p99')).toMatchObject({
      method: 'descriptive',
      verdict: 'not available',
      p: null,
    });
    expect(metricOf(runOf({ blocks: 10, headScale: 2, requests: 500 }), 'duration.p99')).toMatchObject({
      method: 'signed-rank',
      verdict: 'worse',
    });
  });

  it('drops a block whose arm is missing and counts it', () => {
    const input = runOf({
      blocks: 10,
      headScale: 2,
      mend: (slot) =>
        slot.block === 3 && slot.variant === 'head' ? withDurations(() => new Float64Array())(slot) : slot,
    });
    expect(metricOf(input, 'duration.p50')).toMatchObject({ n: 9, droppedBlocks: 1 });
  });

  it('judges no cold start and no memory when environments are reused', () => {
    const input = runOf({
      blocks: 10,
      headScale: 2,
      mend: (slot) => ({ ...slot, environments: slot.environments.map((e) => ({ ...e, id: slot.variant })) }),
    });
    expect(metricOf(input, 'cold.total')).toMatchObject({
      method: 'reused-environments',
      verdict: 'insufficient data',
    });
    expect(metricOf(input, 'memory.max')).toMatchObject({
      method: 'reused-environments',
      verdict: 'insufficient data',
    });
  });

  it('adds the bill up from its components', () => {
    const { perMillion: bill } = compare(runOf({ blocks: 8, headScale: 1 })).variants[0]!.cost!;
    expect(bill.lambda).toBeCloseTo(bill.compute + bill.init + bill.requests, 9);
    expect(bill.total).toBeCloseTo(bill.lambda + bill.s3 + bill.dynamodb + bill.logs, 9);
    expect(bill.init).toBeGreaterThan(0);
  });

  it('splits client latency into parts that add up', () => {
    const parts = compare(runOf({ blocks: 8, headScale: 1 })).variants[0]!.attribution!;
    expect(parts.networkMs + parts.s3Ms + parts.dynamodbMs + parts.ownMs).toBeCloseTo(parts.clientMs, 9);
    expect(parts.networkMs).toBeCloseTo(1, 9);
  });

  it('never answers NaN or infinity, whatever the samples', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(Number.NaN, 0, -1, Number.POSITIVE_INFINITY),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (samples) => {
        const mend = withDurations((slot) =>
          Float64Array.from(samples[(slot.block * 2 + slot.position) % samples.length]!),
        );
        const numbers: number[] = [];
        JSON.stringify(
          compare(runOf({ blocks: 9, headScale: 1, requests: 6, mend })),
          (_, value) => (typeof value === 'number' && numbers.push(value), value),
        );
        return numbers.every(Number.isFinite);
      }),
      { numRuns: 60 },
    );
  });
});
