import { describe, expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { dirtyControl } from '../../test/fixtures/dirty-control.ts';
import { headAgainstBase } from '../../test/fixtures/head-against-base.ts';
import { hostile } from '../../test/fixtures/hostile.ts';
import { threeVariants } from '../../test/fixtures/three-variants.ts';
import { failedGates } from '../compare/gates.ts';
import type { Comparison, PairResult, Result } from '../result.ts';
import { conclusionOf, outcomeOf, worsenings } from './outcome.ts';

/** The clear verdict with other verdicts for its deciding metrics. */
function withVerdicts(verdicts: readonly Comparison['verdict'][], estimate = Math.log(1.5)): Result {
  const result = clearVerdict();
  const pair = result.pairs[0]!;
  const gates = pair.comparisons.filter((comparison) => comparison.family === 'gate');
  const comparisons = verdicts.map((verdict, i) => ({ ...gates[i]!, verdict, estimate }));
  return { ...result, pairs: [{ ...pair, comparisons }] };
}

describe('the outcome of a run', () => {
  it.each([
    [['better', 'no practical difference', 'worse'], 'worse'],
    [['better', 'no practical difference', 'inconclusive'], 'better'],
    [['no practical difference', 'inconclusive'], 'inconclusive'],
    [['no practical difference', 'insufficient data'], 'insufficient data'],
    [['no practical difference', 'no practical difference'], 'no practical difference'],
    [['not available'], 'no verdict'],
    [[], 'no verdict'],
  ] as const)('of %j is %s', (verdicts, outcome) => {
    expect(outcomeOf(withVerdicts(verdicts))).toBe(outcome);
  });

  it('of a change is what head is to base, whatever the variants are to each other', () => {
    const result = headAgainstBase();
    expect(worsenings(result).map(({ pair }) => `${pair.head} to ${pair.base}`)).toEqual([
      'python to python-base',
    ]);
    const said = (base: string, verdict: Comparison['verdict']) => (pair: PairResult) =>
      pair.base !== base
        ? pair
        : { ...pair, comparisons: pair.comparisons.map((each) => ({ ...each, verdict, estimate: 1 })) };
    const slowVariant = result.pairs
      .map(said('python', 'worse'))
      .map(said('python-base', 'no practical difference'));
    const harmless = { ...result, pairs: slowVariant };
    expect(outcomeOf(harmless)).toBe('no practical difference');
    expect(conclusionOf(harmless, 'any-worse')).toBe('success');
    expect(failedGates(harmless)).toEqual([]);
    expect(failedGates(result)).toEqual(['python is worse than python-base: duration.p50']);
  });

  it('of a change that left every package as it was is that there is no difference', () => {
    const result = headAgainstBase();
    const pairs = result.pairs.filter(({ base }) => base !== 'python-base');
    expect(outcomeOf({ ...result, pairs })).toBe('no practical difference');
  });

  it('of one with a failed gate, or a control that found a difference, is that nobody should trust it', () => {
    expect(outcomeOf(hostile())).toBe('not trusted');
    expect(outcomeOf(dirtyControl())).toBe('not trusted');
    const failed = failedGates(dirtyControl());
    expect(failed).toContainEqual(expect.stringMatching(/^the control .* differs from /));
    expect(failed.join()).not.toContain('is worse than');
    expect(conclusionOf(dirtyControl(), 'any-worse')).toBe('neutral');
  });
});

describe('the conclusion', () => {
  const beyond = withVerdicts(['worse', 'better']);
  const slightly = withVerdicts(['worse', 'better'], Math.log(1.001));

  it.each([
    ['never', beyond, 'neutral'],
    ['regression', beyond, 'failure'],
    ['any-worse', beyond, 'failure'],
    ['regression', slightly, 'neutral'],
    ['any-worse', slightly, 'failure'],
  ] as const)('with fail-on %s of a worse run (%#) is %s', (failOn, result, conclusion) => {
    expect(conclusionOf(result, failOn)).toBe(conclusion);
  });

  it('is success only where a change is cleared', () => {
    expect(conclusionOf(clearVerdict(), 'regression')).toBe('success');
    expect(conclusionOf(withVerdicts(['no practical difference']), 'any-worse')).toBe('success');
    expect(conclusionOf(withVerdicts(['inconclusive']), 'any-worse')).toBe('neutral');
  });

  it('names every deciding metric that is worse, with its pair', () => {
    const found = worsenings(threeVariants());
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ comparison }) => comparison.verdict === 'worse')).toBe(true);
  });
});
