import { describe, expect, it } from 'vitest';
import { comparison, pair, result, unknownComparison, variant } from '../../test/fixtures/result-builder.ts';
import { noiseOf } from '../compare/control.ts';
import type { Comparison, PairResult } from '../result.ts';
import { distrust, gateTally, headline } from './sentences.ts';

const ln = Math.log;

function sentence(comparisons: Comparison[], more: Partial<PairResult> = {}): string {
  const told = pair('python', 'rust', comparisons, more);
  const { lead, rest } = headline(result([], [told]), told);
  return `${lead}${rest}`;
}

describe('the verdict sentence', () => {
  it('says how many times less the head used, with its evidence, and what that does to the bill', () => {
    const comparisons = [
      comparison('duration.p50', -ln(3.1), 0.065, 'better'),
      comparison('cost.total', -0.01, 0.002, 'no practical difference'),
    ];
    expect(sentence(comparisons)).toBe(
      'rust used 3.1x less Duration than python at p50 (95 % CI 2.9-3.3x less, 30 blocks); the whole bill is practically the same (1.0 % less).',
    );
  });

  it('says more when it is more', () => {
    expect(sentence([comparison('duration.p50', ln(1.8), 0.08, 'worse')])).toBe(
      'rust used 1.8x more Duration than python at p50 (95 % CI 1.7-1.9x more, 30 blocks).',
    );
  });

  it('admits that a significant difference may be within the margin', () => {
    expect(sentence([comparison('duration.p50', 0.03, 0.02, 'worse')])).toContain(
      'perhaps within the 2 % that count as equal',
    );
  });

  it('admits it of the bill, too', () => {
    const comparisons = [
      comparison('duration.p50', -1, 0.1, 'better'),
      comparison('cost.total', -0.0205, 0.001, 'better'),
    ];
    expect(sentence(comparisons)).toContain(
      'the whole bill is 2.0 % less, perhaps within the 2 % that count as equal.',
    );
  });

  it('says that a significant difference is too small to matter', () => {
    const small = comparison('duration.p50', 0.01, 0.004, 'no practical difference', { pHolm: 0.001 });
    expect(sentence([small])).toMatch(
      /^rust and python show no practical difference .* a difference is there \(p = 0\.0010\) but too small to matter\.$/,
    );
  });

  it('says what an inconclusive run could have seen', () => {
    expect(sentence([comparison('duration.p50', 0.021, 0.034, 'inconclusive')])).toMatch(
      /^Inconclusive: .* by itself, a difference of 5\.0 % or larger would have shown in four of five such runs\.$/,
    );
  });

  it('says how many blocks are missing', () => {
    expect(sentence([unknownComparison('duration.p50', 'insufficient data', 6)])).toContain(
      'only 6 usable blocks, at least 8 are needed',
    );
  });

  it('says that nothing was measured', () => {
    expect(sentence([unknownComparison('duration.p50', 'not available', 0)])).toContain(
      'it was not measured on both sides',
    );
    expect(sentence([])).toBe('No verdict on rust against python: no metric of theirs was compared.');
  });

  it('falls back to the bills themselves when they were not compared', () => {
    const told = pair('python', 'rust', [comparison('duration.p50', -1, 0.1, 'better')]);
    expect(headline(result([variant('python', 3), variant('rust', 1)], [told]), told).rest).toContain(
      'the whole bill is 3.2 % less',
    );
  });

  it('tells the noise that a clean control measured', () => {
    const clean = [
      comparison('duration.p50', 0.003, 0.009, 'no practical difference'),
      comparison('duration.p95', -0.011, 0.07, 'inconclusive'),
    ];
    expect(sentence(clean, { control: true, noise: noiseOf(clean) })).toBe(
      'Control: rust and python are the same code, and no difference was found (30 blocks); noise of what decides may make up to 8.4 % (Duration p95).',
    );
  });

  it('tells in how many of its metrics a control could be tested', () => {
    const kept = [
      comparison('duration.p50', 0.003, 0.009, 'no practical difference'),
      { ...unknownComparison('memory.max', 'not available', 30), pHolm: null },
    ];
    expect(sentence(kept, { control: true, noise: noiseOf(kept) })).toContain(
      'no difference was found in the 1 of 2 deciding metrics that could be tested (30 blocks)',
    );
  });

  it('does not call a control clean of which too little was measured', () => {
    const few = [comparison('duration.p50', 0.003, 0.009, 'insufficient data')];
    expect(sentence(few, { control: true, noise: noiseOf(few) })).toContain(
      'the same code, and too little was measured to tell whether the run is clean (30 blocks)',
    );
  });
});

describe('the tally of gates', () => {
  it('names what is worse before what is better', () => {
    const mixed = pair('python', 'rust', [
      comparison('duration.p50', -1, 0.1, 'better'),
      comparison('memory.max', 0.4, 0.1, 'worse'),
      comparison('client.p50', -1, 0.1, 'better'),
    ]);
    expect(gateTally(mixed)).toBe(
      'Of the 2 metrics that decide: 1 worse (Max memory); 1 better (Duration p50).',
    );
  });
});

describe('reasons for distrust', () => {
  it('are failed gates and controls that differ', () => {
    const dirty = pair('python', 'again', [comparison('duration.p50', 0.044, 0.015, 'worse')], {
      control: true,
    });
    const gate = {
      id: 'errors',
      passed: false,
      observed: 0.0687,
      limit: 0.01,
      unit: '',
      message: 'Too many.',
    };
    expect(distrust(result([], [dirty], { gates: [gate] })).map(({ lead }) => lead)).toEqual([
      'Not to be trusted: the gate errors failed',
      'Not to be trusted: again and python are the same code, yet a difference was found',
    ]);
  });

  it('are none in a clean run', () => {
    expect(
      distrust(result([], [pair('a', 'b', [comparison('duration.p50', 0.044, 0.015, 'worse')])])),
    ).toEqual([]);
  });
});
