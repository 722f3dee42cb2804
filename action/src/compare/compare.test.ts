import { describe, expect, it } from 'vitest';
import type { SlotSamples } from '../model.ts';
import { type CompareInput, compare, isDecided } from './compare.ts';
import { LOOKS, type Look } from './early-stop.ts';
import { codesOf, comparisonOf, runOf, variantNamed, withDurations } from './fixture.ts';

const inOneEnvironment = (slot: SlotSamples): SlotSamples => ({
  ...slot,
  environments: slot.environments.map((e) => ({ ...e, id: slot.variant })),
});

/** The first run with the arms of the second beside it, as `third` against `fourth`. */
function withSecondPair(first: CompareInput, second: CompareInput, sha256: string): CompareInput {
  const renamed = second.collected.slots.map((slot) => ({
    ...slot,
    variant: slot.variant === 'head' ? 'third' : 'fourth',
  }));
  return {
    ...first,
    config: {
      ...first.config,
      variants: ['base', 'head', 'third', 'fourth'].map(variantNamed),
      pairs: [...first.config.pairs, { base: 'fourth', head: 'third' }],
    },
    artifacts: [
      ...first.artifacts,
      { variant: variantNamed('third'), sha256 },
      { variant: variantNamed('fourth'), sha256: 'x' },
    ],
    collected: { slots: [...first.collected.slots, ...renamed] },
  };
}

describe('comparing a run', () => {
  it('calls a head of half the time better, with the ratio inside its interval', () => {
    const p50 = comparisonOf(runOf({ blocks: 10, headScale: 0.5 }), 'duration.p50');
    expect(p50).toMatchObject({
      verdict: 'better',
      beyondMargin: true,
      n: 10,
      method: 'signed-rank',
      alpha: 0.05,
    });
    expect(p50.lo!).toBeLessThanOrEqual(Math.log(0.5) + 0.01);
    expect(p50.hi!).toBeGreaterThanOrEqual(Math.log(0.5) - 0.01);
    expect(p50.pSlower).toBeCloseTo(0, 1);
    expect(p50.ratioOfMeans).toBeCloseTo(0.5, 2);
  });

  it('drops a block whose arm is missing, counts it and says so', () => {
    const input = runOf({
      blocks: 10,
      headScale: 2,
      mend: (slot) => (slot.block === 3 && slot.variant === 'head' ? withDurations(slot, []) : slot),
    });
    expect(comparisonOf(input, 'duration.p50')).toMatchObject({ n: 9, droppedBlocks: 1 });
    expect(codesOf(input)).toContain('dropped-blocks');
  });

  it('judges p99 on slots of 500 requests, on merged blocks, or not at all', () => {
    expect(comparisonOf(runOf({ blocks: 10, headScale: 2, requests: 500 }), 'duration.p99')).toMatchObject({
      method: 'signed-rank',
      verdict: 'worse',
    });
    const merged = runOf({ blocks: 17, headScale: 2, requests: 250 });
    expect(comparisonOf(merged, 'duration.p99')).toMatchObject({
      method: 'merged-blocks',
      n: 8,
      verdict: 'worse',
    });
    expect(comparisonOf(merged, 'duration.p99').blocks.map(({ block }) => block)).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14,
    ]);
    expect(codesOf(merged)).toContain('p99-merged');
    const thin = runOf({ blocks: 10, headScale: 2 });
    expect(comparisonOf(thin, 'duration.p99')).toMatchObject({
      method: 'descriptive',
      verdict: 'not available',
      p: null,
    });
    expect(comparisonOf(thin, 'duration.p99').estimate).toBeCloseTo(Math.log(2), 1);
    expect(codesOf(thin)).toContain('p99-descriptive');
  });

  it('judges no cold start and no memory when environments are reused, and widens the rest', () => {
    const input = runOf({ blocks: 10, headScale: 2, mend: inOneEnvironment });
    for (const metric of ['cold.total', 'memory.max'] as const)
      expect(comparisonOf(input, metric)).toMatchObject({
        method: 'reused-environments',
        verdict: 'not available',
      });
    // One environment an arm: how environments differ is unknown, so nothing is known.
    expect(comparisonOf(input, 'duration.p50')).toMatchObject({
      verdict: 'insufficient data',
      lo: null,
      hi: null,
    });
    expect(codesOf(input)).toContain('reused-environments-fallback');
  });

  it('adjusts gates over all pairs together, and controls by themselves', () => {
    const two = runOf({ blocks: 10, headScale: 2 });
    const runs = [two, withSecondPair(two, two, 'y'), withSecondPair(two, two, 'x')];
    const [alone, both, beside] = runs.map((run) => comparisonOf(run, 'duration.p50'));
    expect(alone!.pHolm).toBeCloseTo(5 * alone!.p!, 12);
    expect(both!.pHolm).toBeCloseTo(10 * both!.p!, 12);
    expect(beside!.pHolm).toBeCloseTo(5 * beside!.p!, 12);
  });

  it('lets a pair that differs clearly cost the others nothing', () => {
    const slight = runOf({ blocks: 12, headScale: 1.012 });
    const beside = withSecondPair(slight, runOf({ blocks: 12, headScale: 2 }), 'y');
    const [alone, both] = [slight, beside].map((run) => comparisonOf(run, 'duration.p50').pHolm!);
    expect(alone).toBeGreaterThan(0.004);
    expect(both).toBeCloseTo(alone!, 12);
  });

  it('judges a run that stopped at a look by what that look allows', () => {
    const look = LOOKS[0];
    const stopped = runOf({ blocks: 10, headScale: 2, options: { look } });
    expect(comparisonOf(stopped, 'duration.p50')).toMatchObject({
      alpha: look.alpha,
      verdict: 'inconclusive',
    });
    expect(comparisonOf(runOf({ blocks: 10, headScale: 2 }), 'duration.p50').verdict).toBe('worse');
  });

  it('may end at a look when every metric that decides a claim is decided, whatever the others say', () => {
    const at = (look: Look, more = {}) =>
      isDecided(runOf({ blocks: 10, headScale: 2, options: { look }, ...more }));
    expect([at(LOOKS[0]), at(LOOKS[1])]).toEqual([false, true]);
    expect(at(LOOKS[1], { headScale: 1.012 })).toBe(false);
    // A control claims nothing.
    expect(at(LOOKS[1], { sameArtefact: true })).toBe(false);
  });

  it('compares the metrics asked for only', () => {
    const input = runOf({ blocks: 8, headScale: 2, options: { metrics: ['memory.max', 'duration.p50'] } });
    expect(compare(input).pairs[0]!.comparisons.map(({ metric }) => metric)).toEqual([
      'duration.p50',
      'memory.max',
    ]);
  });

  it('warns when one arm began first in every block', () => {
    const ordered = runOf({
      blocks: 8,
      headScale: 1,
      mend: (slot) => ({ ...slot, position: Number(slot.variant === 'head') }),
    });
    expect(codesOf(ordered)).toContain('fixed-order');
    expect(codesOf(runOf({ blocks: 8, headScale: 1 }))).not.toContain('fixed-order');
  });

  it('says what a network would make of a local ratio, and only of a local one', () => {
    const input = runOf({ blocks: 8, headScale: 0.5 });
    const [floor] = compare(input).pairs[0]!.ioFloor;
    expect(floor!.floorMs).toBe(5);
    expect(floor!.ratio).toBeGreaterThan(1);
    expect(floor!.ratio).toBeLessThan(2);
    expect(compare({ ...input, target: { kind: 'aws' } }).pairs[0]!.ioFloor).toEqual([]);
  });
});

describe('the parts of a variant', () => {
  const [variant] = compare(runOf({ blocks: 8, headScale: 1 })).variants;

  it('add the bill up from its components', () => {
    const bill = variant!.cost!.perMillion;
    expect(bill.lambda).toBeCloseTo(bill.compute + bill.init! + bill.requests, 9);
    expect(bill.total).toBeCloseTo(bill.lambda + bill.s3 + bill.dynamodb + bill.logs, 9);
    // 1024 MB, 1 % cold: 0.01 x (120 ms - mean warm billed) x the price of a GB-ms, a million times.
    const warm = bill.compute / (1e6 * 0.0000166667e-3);
    expect(bill.init).toBeCloseTo(1e6 * 0.01 * (120 - warm) * 0.0000166667e-3, 9);
    expect(variant!.summaries.find(({ metric }) => metric === 'cost.total')!.value).toBeCloseTo(
      bill.total,
      9,
    );
  });

  it("have calls in everybody's bill where one of the functions timed them, and in nobody's where none did", () => {
    const silent = (names: readonly string[]) => (slot: SlotSamples) =>
      names.includes(slot.variant)
        ? { ...slot, warm: { ...slot.warm, s3Ms: new Float64Array(), dynamodbMs: new Float64Array() } }
        : slot;
    const billsOf = (names: readonly string[]) =>
      compare(runOf({ blocks: 8, headScale: 1, mend: silent(names) })).variants.map(
        ({ cost }) => cost!.perMillion,
      );
    for (const bill of billsOf(['base'])) expect(bill).toMatchObject({ s3: 5, dynamodb: 0.625 });
    for (const bill of billsOf(['base', 'head'])) {
      expect(bill).toMatchObject({ s3: 0, dynamodb: 0 });
      expect(bill.total).toBeCloseTo(bill.lambda + bill.logs, 9);
    }
  });

  it('leave cold starts out of the bill when none was billed, and say so', () => {
    const input = runOf({
      blocks: 8,
      headScale: 1,
      mend: (slot) => ({
        ...slot,
        environments: slot.environments.map((e) => ({ ...e, firstBilledMs: null })),
      }),
    });
    expect(compare(input).variants[0]!.cost!.perMillion.init).toBeNull();
    expect(codesOf(input)).toContain('cold-cost-unknown');
  });

  it('give no cost where there are no prices, and say so', () => {
    const input = runOf({ blocks: 8, headScale: 1 });
    const elsewhere = { ...input, config: { ...input.config, region: 'mars-north-1' } };
    expect(compare(elsewhere).variants[0]!.cost).toBeNull();
    expect(comparisonOf(elsewhere, 'cost.total').verdict).toBe('not available');
    expect(codesOf(elsewhere)).toContain('no-prices');
  });

  it('split client latency into parts that add up', () => {
    const parts = variant!.attribution!;
    expect(parts.networkMs + parts.s3Ms + parts.dynamodbMs + parts.ownMs).toBeCloseTo(parts.clientMs, 9);
    expect(parts.networkMs).toBeCloseTo(1, 9);
  });
});

describe('errors', () => {
  const withErrors = (errors: (slot: SlotSamples) => number) =>
    compare(runOf({ blocks: 10, headScale: 1, mend: (slot) => ({ ...slot, errors: errors(slot) }) }))
      .pairs[0]!.errors;

  it('are compared block by block', () => {
    const found = withErrors((slot) => (slot.variant === 'head' ? 4 : 0));
    expect(found).toMatchObject({
      base: { errors: 0 },
      head: { errors: 40, requests: 440 },
      upperBound: null,
    });
    expect(found.difference).toBeCloseTo(4 / 44, 9);
    expect(found.p).toBeCloseTo(2 / 2 ** 10, 12);
    expect(found.lo).toBeGreaterThan(0);
  });

  it('of which there are none have an upper bound of about three in the requests sent', () => {
    expect(withErrors(() => 0).upperBound).toBeCloseTo(3 / 440, 3);
  });
});
