import type { Comparison, PairResult } from '../result.ts';

/**
 * What a control (identical artefacts, analysed as any pair) says of the run. It is the only defence against noise that
 * sticks to one arm for longer than a block: the test of a pair cannot tell such noise from a difference.
 */
export function noiseOf(comparisons: readonly Comparison[]): NonNullable<PairResult['noise']> {
  const gates = comparisons.filter((comparison) => comparison.family === 'gate');
  const differing = gates.filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
  const isTested = gates.some(
    ({ verdict }) => verdict !== 'insufficient data' && verdict !== 'not available',
  );
  return {
    clean: isTested ? differing.length === 0 : null,
    differing: differing.map(({ metric, estimate }) => ({ metric, estimate: estimate! })),
    floor: gates.flatMap(({ metric, estimate, lo, hi }) => {
      if (estimate === null) return [];
      const bound = lo === null || hi === null ? null : Math.max(Math.abs(lo), Math.abs(hi));
      return [{ metric, estimate, bound }];
    }),
  };
}
