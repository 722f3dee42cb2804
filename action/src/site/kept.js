/** What the page is told of a run: a result without what it does not show, so that 500 of them stay small. */
import { hasMinutes } from '../report/charts/minutes.ts';
import { TREND_METRICS } from '../report/charts/trend.ts';
/** What the list shows of a run: its verdicts and its part of the trend. */
export function listed(result) {
  return {
    ...slimmed(result),
    variants: result.variants.map(listedVariant),
    pairs: result.pairs.map((pair) => ({
      ...pair,
      comparisons: pair.comparisons.filter(decides).map(withoutBlocks),
    })),
    gates: result.gates.filter((gate) => !gate.passed),
    warnings: [],
    design: { ...result.design, order: [], rateReason: '', pilotMs: {} },
  };
}
const decides = ({ family, metric }) => family === 'gate' || metric === 'cost.total';
const withoutBlocks = (comparison) => ({ ...comparison, blocks: [] });
function listedVariant(variant) {
  return {
    ...slimVariant(variant, false),
    summaries: variant.summaries.filter(({ metric }) => TREND_METRICS.some((shown) => shown === metric)),
    durationQuantiles: [],
    cold: { ...variant.cold, starts: [] },
    attribution: null,
    soak: null,
  };
}
/** What the view of a run shows. */
export function slimmed(result) {
  return {
    ...result,
    provenance: { ...result.provenance, tools: {}, lockfiles: {} },
    variants: result.variants.map((variant) => slimVariant(variant, hasMinutes(result))),
    pairs: result.pairs.map(slimPair),
  };
}
function slimVariant(variant, withMinutes) {
  return {
    ...variant,
    artifact: { ...variant.artifact, tools: {}, flags: [] },
    perMinute: withMinutes ? variant.perMinute : [],
  };
}
/** Block by block only what a chart shows: the first metric. */
function slimPair(pair) {
  const shown = pair.comparisons.find(({ metric }) => metric === 'duration.p50') ?? pair.comparisons[0];
  return {
    ...pair,
    comparisons: pair.comparisons.map((comparison) =>
      comparison === shown ? comparison : withoutBlocks(comparison),
    ),
  };
}
