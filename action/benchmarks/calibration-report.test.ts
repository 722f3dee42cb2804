import { describe, expect, it } from 'vitest';
import { comparison, design, pair, result, variant } from '../test/fixtures/result-builder.ts';
import { calibrationReport, clopperPearson, PLANTED, p50Of } from './calibration-report.ts';

const python = variant('python', 4.8);
const same = (verdict: 'worse' | 'inconclusive', gatesPass = true) =>
  result(
    [python, variant('python-again', 4.8)],
    [pair('python', 'python-again', [comparison('duration.p50', 0.02, 0.03, verdict)])],
    {
      gates: [{ id: 'errors', passed: gatesPass, observed: 0, limit: 1, unit: '', message: '' }],
    },
  );
const planted = (detected: boolean) => {
  const pairs = PLANTED.map((percent) =>
    pair('python', `slower-by-${percent}`, [
      comparison('duration.p50', Math.log1p(percent / 100), 0.01, detected ? 'worse' : 'inconclusive'),
    ]),
  );
  return result([python], pairs, { design: design(['python'], { blocks: 30 }) });
};
/** The loop was measured by the very p50 of the runs, so that the truth is what was planted. */
const plantedRuns = { p50Ms: p50Of(planted(true), 'python'), results: [planted(true), planted(false)] };

describe('the interval of a share', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='exact')
  it.each([
    [0, 60, 0, 0.0596],
    [3, 60, 0.0104, 0.1392],
    [10, 10, 0.6915, 1],
  ])('of %d in %d is exact', (k, n, low, high) => {
    const [lo, hi] = clopperPearson(k, n);
    expect(lo).toBeCloseTo(low, 4);
    expect(hi).toBeCloseTo(high, 4);
  });
});

describe('the calibration report', () => {
  const report = calibrationReport([same('worse'), same('inconclusive'), same('worse', false)], plantedRuns);

  it('counts false alarms, and apart from them those of runs that may be trusted', () => {
    expect(report).toContain('**2 of 3 runs');
    expect(report).toContain('every trust gate: 1 of 2 runs');
  });

  it('says that few runs without an alarm prove nothing, until they are enough to', () => {
    const clean = (runs: number) => calibrationReport(Array(runs).fill(same('inconclusive')), plantedRuns);
    expect(clean(60)).toContain('so many runs do not prove the promise');
    expect(clean(72)).not.toContain('so many runs do not prove the promise');
    const wrong = calibrationReport(Array(60).fill(same('worse')), plantedRuns);
    expect(wrong).toContain('the promise is not kept');
  });

  it('says of when, where and which commit every run is, and what Holm asks of fifteen metrics', () => {
    const { createdAt, machine } = same('worse').provenance;
    expect(report).toContain(
      `of runs of ${createdAt.slice(0, 10)}, on ${machine!.cores} cores of ${machine!.cpu},`,
    );
    const elsewhere = {
      ...planted(true),
      provenance: { ...planted(true).provenance, commit: 'f'.repeat(40) },
    };
    const mixed = calibrationReport([same('worse')], { ...plantedRuns, results: [elsewhere] });
    expect(mixed).toMatch(/at commit [0-9a-f]{12} and f{12}\./);
    expect(report).toContain('of 15 metrics needs 1.93');
    expect(report).toContain('the second was 2.0 % from the first, give or take 0.0 %');
    expect(report).toMatch(
      /Intervals held the truth in 6 of 6; estimates were 0\.0 % from it at the median, 0\.0 % at most\./,
    );
  });

  it('counts detections, and intervals that hold the truth', () => {
    expect(report).toContain(`${plantedRuns.p50Ms.toFixed(2)} ms`);
    for (const percent of PLANTED)
      expect(report).toMatch(
        new RegExp(
          `\\+${percent} % +\\| +${percent}\\.0 % \\| +2 of 2 +\\| +1 of 2 +\\| +1 of 2 +\\|.* 2 of 2 \\|$`,
          'm',
        ),
      );
  });
});
