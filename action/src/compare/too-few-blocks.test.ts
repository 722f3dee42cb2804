import { describe, expect, it } from 'vitest';
import { type Analysis, compare } from './compare.ts';
import { codesOf, runOf } from './fixture.ts';

describe('a short run', () => {
  it('has too little data below eight blocks, and says so', () => {
    const input = runOf({ blocks: 7, headScale: 3 });
    const verdicts = compare(input).pairs[0]!.comparisons.map((comparison) => comparison.verdict);
    expect(verdicts.every((verdict) => ['insufficient data', 'not available'].includes(verdict))).toBe(true);
    expect(compare(input).warnings).toContainEqual(
      expect.objectContaining({ code: 'too-few-blocks', data: expect.objectContaining({ blocks: 7 }) }),
    );
  });

  it('needs more blocks for several pairs, because Holm corrects them together, and says so', () => {
    const of = (blocks: number) => {
      const input = runOf({ blocks, headScale: 3 });
      const pairs = [...input.config.pairs, { base: 'head', head: 'base' }];
      return compare({ ...input, config: { ...input.config, pairs } });
    };
    const called = ({ pairs }: Analysis) =>
      pairs.flatMap(({ comparisons }) => comparisons).filter(({ verdict }) => /better|worse/.test(verdict));
    expect(called(of(8))).toEqual([]);
    expect(of(8).warnings).toContainEqual(
      expect.objectContaining({
        code: 'too-few-blocks',
        data: expect.objectContaining({ blocks: 8, needed: 9 }),
      }),
    );
    expect(called(of(9))).not.toEqual([]);
    expect(codesOf(runOf({ blocks: 8, headScale: 3 }))).not.toContain('too-few-blocks');
  });
});
