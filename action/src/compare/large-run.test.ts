import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { collect } from '../collect/collect.ts';
import { profileNamed } from '../config/profiles.ts';
import { RELATIVE_ERROR } from '../histogram.ts';
import type { Invocation, LoadRun, Sample, Slot } from '../model.ts';
import { type Analysis, compare } from './compare.ts';
import { variantNamed } from './fixture.ts';

const [BLOCKS, REQUESTS, SLOT_MS] = [12, 2000, 30_000];
const NAMES = ['base', 'head'];
const PROFILE = { ...profileNamed('soak', 2), environments: 8, warmupInvocations: 0 };

/** Skewed, as latencies are; every tenth environment-request of the head a little slower. */
function runOf(reused: boolean) {
  const random = xoroshiro128plus(11);
  const uniform = () => uniformFloat64(random);
  const [slots, samples, invocations]: [Slot[], Sample[], Invocation[]] = [[], [], []];
  for (let block = 0; block < BLOCKS; block++) {
    for (const [position, variant] of NAMES.entries()) {
      const startMs = (2 * block + position) * SLOT_MS;
      const endMs = startMs + SLOT_MS;
      slots.push({
        block,
        position,
        variant,
        startMs,
        measureMs: startMs,
        endMs,
        measuredMs: endMs - startMs,
        rate: (1000 * REQUESTS) / SLOT_MS,
      });
      for (let i = 0; i < REQUESTS; i++) {
        const requestId = `${variant}-${block}-${i}`;
        const environmentId = `${variant}-${reused ? 0 : block}-${i % 8}`;
        const durationMs = (variant === 'head' ? 1.1 : 1) * (4 + -3 * Math.log(1 - uniform()));
        const clientMs = durationMs + 1 + uniform();
        samples.push({
          ...{ block, variant, phase: 'measured', endMs: startMs + (i * SLOT_MS) / REQUESTS, clientMs },
          ...{ status: 200, requestId, environmentId, invocation: 9, s3Ms: 1, dynamodbMs: 2, handlerMs: 3 },
        });
        invocations.push({
          ...{ requestId, variant, environmentId, timeMs: startMs, status: 'success', errorType: null },
          ...{ durationMs, billedDurationMs: Math.ceil(durationMs), initDurationMs: null },
          ...{ memorySizeMb: 1024, maxMemoryUsedMb: 50, cpuMs: durationMs / 2 },
        });
      }
    }
  }
  const run: LoadRun = {
    ...{ slots, samples, dropped: new Map(), startMs: 0, endMs: slots.at(-1)!.endMs },
    rateChoice: { rate: 10, by: 'config', pilotMs: {}, reason: '' },
    ...{ unreadableLines: 0, warnings: [], cpuBusy: null, stoppedAtLook: null },
  };
  return { run, invocations };
}

function analysed(reused: boolean, limits: { exact: number; drawn: number }) {
  const { run, invocations } = runOf(reused);
  const collected = collect(run, invocations, PROFILE, limits);
  const variants = NAMES.map(variantNamed);
  const analysis = compare({
    config: { variants, pairs: [{ base: 'base', head: 'head' }], region: 'us-east-1', coldShare: 0.01 },
    artifacts: variants.map((variant) => ({ variant, sha256: variant.name })),
    ...{ run, collected, target: { kind: 'local' } },
  });
  return { collected, analysis };
}

const everyRequest = { exact: Number.POSITIVE_INFINITY, drawn: 0 };
const histograms = { exact: BLOCKS * 2 * REQUESTS - 1, drawn: 9600 };

const comparisonsOf = (analysis: Analysis) => analysis.pairs[0]!.comparisons;

describe('a run of more requests than are kept', () => {
  const [exact, told] = [analysed(false, everyRequest), analysed(false, histograms)];

  it('keeps no more rows than it may, and every one of a run below the limit', () => {
    const rows = (slots: typeof exact.collected.slots) => slots.map(({ warm }) => warm.clientMs.length);
    expect(rows(told.collected.slots)).toEqual(Array(2 * BLOCKS).fill(400));
    expect(rows(exact.collected.slots)).toEqual(Array(2 * BLOCKS).fill(REQUESTS));
    expect(exact.collected.slots.every(({ histograms }) => histograms === undefined)).toBe(true);
  });

  it('counts every request, and has every quantile within the error that the report states', () => {
    for (const [at, variant] of told.analysis.variants.entries()) {
      const other = exact.analysis.variants[at]!;
      expect(variant.warmRequests).toBe(BLOCKS * REQUESTS);
      expect([variant.requests, variant.errors]).toEqual([other.requests, other.errors]);
      for (const [nth, { metric, value, n }] of variant.summaries.entries()) {
        const whole = other.summaries[nth]!;
        expect(n, metric).toBe(whole.n);
        if (value === null) expect(whole.value, metric).toBeNull();
        else expect(Math.abs(value / whole.value! - 1), metric).toBeLessThanOrEqual(RELATIVE_ERROR);
      }
      for (const [nth, { share, ms }] of variant.durationQuantiles!.entries()) {
        const { ms: exactMs } = other.durationQuantiles![nth]!;
        expect(Math.abs(ms / exactMs - 1), String(share)).toBeLessThanOrEqual(RELATIVE_ERROR);
      }
      expect(variant.attribution!.ownMs).toBeCloseTo(other.attribution!.ownMs, 9);
      expect(variant.cost?.perMillion.total).toBe(other.cost?.perMillion.total);
    }
  });

  it('is told minute by minute', () => {
    for (const [at, { perMinute }] of told.analysis.variants.entries()) {
      expect(perMinute).toHaveLength(BLOCKS);
      const other = exact.analysis.variants[at]!.perMinute;
      for (const [minute, { requests, p50, p99 }] of perMinute.entries()) {
        expect(requests).toBe(other[minute]!.requests);
        expect(Math.abs(p50! / other[minute]!.p50! - 1)).toBeLessThanOrEqual(RELATIVE_ERROR);
        expect(Math.abs(p99! / other[minute]!.p99! - 1)).toBeLessThanOrEqual(RELATIVE_ERROR);
      }
    }
  });

  it('has the same verdicts, and ratios within twice the error', () => {
    for (const [at, { metric, verdict, estimate, pSlower }] of comparisonsOf(told.analysis).entries()) {
      const other = comparisonsOf(exact.analysis)[at]!;
      expect(verdict, metric).toBe(other.verdict);
      if (estimate === null) expect(other.estimate, metric).toBeNull();
      else expect(Math.abs(estimate - other.estimate!), metric).toBeLessThanOrEqual(2.5 * RELATIVE_ERROR);
      if (pSlower !== null) expect(pSlower, metric).toBeCloseTo(other.pSlower!, 2);
    }
    expect(comparisonsOf(told.analysis).some(({ verdict }) => verdict === 'worse')).toBe(true);
  });

  it('judges environments that were reused by requests drawn at random', () => {
    const [whole, drawn] = [analysed(true, everyRequest), analysed(true, histograms)];
    const [p50, other] = [drawn, whole].map(
      ({ analysis }) => comparisonsOf(analysis).find(({ metric }) => metric === 'duration.p50')!,
    );
    expect(other!.verdict).toBe('worse');
    expect(p50!.verdict).toBe('worse');
    expect(p50!.lo! - other!.lo!).toBeCloseTo(0, 1);
    expect(p50!.hi! - other!.hi!).toBeCloseTo(0, 1);
  });

  it('says that it did not keep them', () => {
    expect(told.collected.warnings).toContainEqual({
      code: 'latencies-in-buckets',
      message: expect.stringContaining('quantiles are from histograms, within 0.1 % of exact'),
      data: { requests: 2 * BLOCKS * REQUESTS, percent: '0.1', drawn: 9600 },
    });
    expect(exact.collected.warnings.map(({ code }) => code)).not.toContain('latencies-in-buckets');
  });
});
