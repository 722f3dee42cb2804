/** What the page is told of a run: a result without what it does not show, so that 500 of them stay small. */
import { hasMinutes } from '../../report/charts/minutes.ts';
import { TREND_METRICS } from '../../report/charts/trend.ts';
import type { PairResult, Result, VariantResult } from '../../result.ts';

export interface Kept {
  /** Relative to the folder of reports, e.g. `2026/2026-11-24-0edaf1a-pr`: the run's name in links. */
  readonly folder: string;
  readonly result: Result;
}

export interface SiteOptions {
  /** Where report folders are found from the page, e.g. `../reports` or `https://.../blob/main/reports`. */
  readonly base: string;
}

/** What the page reads at its start; the runs in full are read one by one when they are looked at. */
export interface SiteData extends SiteOptions {
  /** As `listed` gives them. */
  readonly runs: readonly Kept[];
}

/** What the list shows of a run: its verdicts and its part of the trend. */
export function listed(result: Result): Result {
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

type Comparison = PairResult['comparisons'][number];

const decides = ({ family, metric }: Comparison) => family === 'gate' || metric === 'cost.total';
const withoutBlocks = (comparison: Comparison) => ({ ...comparison, blocks: [] });

function listedVariant(variant: VariantResult): VariantResult {
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
export function slimmed(result: Result): Result {
  return {
    ...result,
    provenance: { ...result.provenance, tools: {}, lockfiles: {} },
    variants: result.variants.map((variant) => slimVariant(variant, hasMinutes(result))),
    pairs: result.pairs.map(slimPair),
  };
}

function slimVariant(variant: VariantResult, withMinutes: boolean): VariantResult {
  return {
    ...variant,
    artifact: variant.artifact === null ? null : { ...variant.artifact, tools: {}, flags: [] },
    perMinute: withMinutes ? variant.perMinute : [],
  };
}

/** Block by block only what a chart shows: the first metric. */
function slimPair(pair: PairResult): PairResult {
  const shown = pair.comparisons.find(({ metric }) => metric === 'duration.p50') ?? pair.comparisons[0];
  return {
    ...pair,
    comparisons: pair.comparisons.map((comparison) =>
      comparison === shown ? comparison : withoutBlocks(comparison),
    ),
  };
}
