import { describe, expect, it } from 'vitest';
import { LOOKS, lookBlocks, mayStop, verdictAt } from './early-stop.ts';
import { hodgesLehmannInterval } from './hodges-lehmann.ts';

const margin = Math.log(1.02);
/** Differences about a centre, a hundredth of a percent apart. */
const differences = (centre: number, n = 20) =>
  Array.from({ length: n }, (_, i) => centre + (i - n / 2) * 1e-4);

describe('looking before the end', () => {
  it('is declared: after a third, two thirds and all of the planned blocks', () => {
    expect(lookBlocks(30)).toEqual([10, 20, 30]);
    expect(lookBlocks(8)).toEqual([3, 6, 8]);
  });

  it('asks more of a difference the earlier it looks', () => {
    const evidence = { differences: differences(0.1), pHolm: 0.01, margin };
    expect(LOOKS.map((look) => verdictAt(look, evidence))).toEqual(['inconclusive', 'worse', 'worse']);
    expect(verdictAt(LOOKS[0], { ...evidence, pHolm: 0.0005 })).toBe('worse');
    expect(verdictAt(LOOKS[2], { ...evidence, pHolm: 0.046 })).toBe('inconclusive');
  });

  it('calls arms equal early on a 99 % interval only', () => {
    const spread = Array.from({ length: 20 }, (_, i) => (i - 9.5) * 1e-3);
    const [wide, narrow] = [0.99, 0.95].map((level) => hodgesLehmannInterval(spread, level).hi!);
    const evidence = { differences: spread, pHolm: 1, margin: (wide! + narrow!) / 2 };
    expect(verdictAt(LOOKS[2], evidence)).toBe('no practical difference');
    expect(verdictAt(LOOKS[0], evidence)).toBe('inconclusive');
  });

  it('has nothing to say of no blocks', () => {
    expect(verdictAt(LOOKS[0], { differences: [], pHolm: 1, margin })).toBe('insufficient data');
  });

  it('may stop when every gate is decided, and not before', () => {
    expect(mayStop(['worse', 'no practical difference'])).toBe(true);
    expect(mayStop(['worse', 'inconclusive'])).toBe(false);
    expect(mayStop([])).toBe(false);
  });
});
