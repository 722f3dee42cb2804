import { describe, expect, it } from 'vitest';
import { LOOKS, type Look, lookBlocks, mayStop } from './early-stop.ts';
import { comparisonOf, runOf } from './fixture.ts';

const verdictAt = (look: Look, blocks: number, headScale: number) =>
  comparisonOf(runOf({ blocks, headScale, options: { look } }), 'duration.p50').verdict;

describe('looking before the end', () => {
  it('is declared: after a third, two thirds and all of the planned blocks', () => {
    expect(lookBlocks(30)).toEqual([10, 20, 30]);
    expect(lookBlocks(8)).toEqual([3, 6, 8]);
  });

  it('asks more of a difference the earlier it looks', () => {
    expect(LOOKS.map((look) => verdictAt(look, 10, 2))).toEqual(['inconclusive', 'worse', 'worse']);
  });

  it('calls arms equal early on a 99 % interval only', () => {
    // Of these blocks the 99 % interval reaches beyond the margin of 2 %, and the 95 % interval does not.
    const [early, last] = [LOOKS[0], LOOKS[2]].map((look) => verdictAt(look, 12, 1.0122));
    expect([early, last]).toEqual(['inconclusive', 'no practical difference']);
  });

  it('may stop when every gate is decided, and not before', () => {
    expect(mayStop(['worse', 'no practical difference'])).toBe(true);
    expect(mayStop(['worse', 'inconclusive'])).toBe(false);
    expect(mayStop([])).toBe(false);
  });
});
