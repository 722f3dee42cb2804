/** Words that more than one part of the report uses: names of metrics, of pairs, and of the target. */
import { METRICS, type Metric } from '../compare/metrics.ts';
import type { Comparison, Gate, PairResult, Result, Summary, VariantResult, Verdict } from '../result.ts';
import { givenPercent, known, NO_VERDICT, percent } from './units.ts';

/** The metric a comparison or summary speaks of; one that this version does not know keeps its id as its label. */
export function describe(id: string): Pick<Metric, 'label'> & { readonly unit: Metric['unit'] | '' } {
  return METRICS.find((metric) => metric.id === id) ?? { label: id, unit: '' };
}

/** `Duration p50 (ms)`. */
export function labelWithUnit(id: string): string {
  const { label, unit } = describe(id);
  return unit === '' ? label : `${label} (${unit})`;
}

/** What is used less or more of, for a sentence: `rust used 3.1x less [Duration] than python [at p50]`. */
export function usage(id: string): { readonly what: string; readonly where: string } {
  const quantile = /^(duration|client)\.(p\d+)$/.exec(id);
  if (quantile === null) return { what: USAGES[id] ?? describe(id).label, where: '' };
  return { what: quantile[1] === 'client' ? 'client latency' : 'Duration', where: ` at ${quantile[2]}` };
}

const USAGES: Readonly<Record<string, string>> = {
  'billed.mean': 'Billed Duration',
  'cold.total': 'time for a cold start',
  'cold.init': 'Init Duration',
  'memory.max': 'memory',
  'cpu.mean': 'CPU per invocation',
  'cost.total': 'money per million invocations',
};

/** Short names for narrow places; the terminal has 80 columns. */
export function shortLabel(id: string): string {
  return SHORT_LABELS[id] ?? describe(id).label;
}

const SHORT_LABELS: Readonly<Record<string, string>> = {
  'billed.mean': 'Billed mean',
  'cold.total': 'Cold start',
  'memory.max': 'Max memory',
  'cpu.mean': 'CPU',
  'cost.total': 'Whole bill',
};

export function pairName(pair: Pick<PairResult, 'base' | 'head'>): string {
  return `${pair.head} against ${pair.base}`;
}

/** `better`, `no practical difference`, or `~` with the reason why there is no verdict. */
export function verdictWords(comparison: Comparison): string {
  if (comparison.method === 'descriptive') return `${NO_VERDICT} descriptive only`;
  const { verdict } = comparison;
  if (verdict === 'inconclusive') return `${NO_VERDICT} inconclusive${couldSee(comparison)}`;
  if (verdict === 'insufficient data' || verdict === 'not available') return `${NO_VERDICT} ${verdict}`;
  return isDirected(verdict) && !comparison.beyondMargin
    ? `${verdict}, perhaps within ${marginOf(comparison)}`
    : verdict;
}

function couldSee(comparison: Comparison): string {
  const { smallestDetectable } = comparison;
  return smallestDetectable === null ? '' : ` (could see ${percent(Math.expm1(smallestDetectable))})`;
}

/** The practical margin of a comparison: `2 %`. */
export function marginOf(comparison: Comparison): string {
  // exp(ln 1.02) - 1 is 0.020000000000000018, and less exact when ln 1.02 was stored with six digits.
  return givenPercent(Math.round(Math.expm1(comparison.margin) * 1e4) / 1e4);
}

export function isDirected(verdict: Verdict): verdict is 'better' | 'worse' {
  return verdict === 'better' || verdict === 'worse';
}

export function comparisonOf(pair: PairResult, id: string): Comparison | undefined {
  return pair.comparisons.find((comparison) => comparison.metric === id);
}

/** Whether its intervals allow for blocks that resemble their neighbours, which those of older results do not. */
export function isWidened({ comparisons }: PairResult): boolean {
  return comparisons.some(({ inflation }) => inflation !== undefined);
}

export function gatesOf(pair: PairResult): Comparison[] {
  return pair.comparisons.filter((comparison) => comparison.family === 'gate');
}

export function variantOf(result: Result, name: string): VariantResult | undefined {
  return result.variants.find((variant) => variant.name === name);
}

export function summaryOf(variant: VariantResult | undefined, id: string): Summary | undefined {
  return variant?.summaries.find((summary) => summary.metric === id);
}

/** Whether the result was made of another load generator's output, which knows the client's side only. */
export function isImport({ provenance }: Result): boolean {
  return provenance.target.kind === 'import';
}

/** Whether all of it ran on one machine that stood in for AWS. */
export function isLocal({ provenance }: Result): boolean {
  return provenance.target.kind === 'local';
}

/** What minutes and the course of the run are told by. */
export function latencyWord(result: Result): 'Duration' | 'Client latency' {
  return isImport(result) ? 'Client latency' : 'Duration';
}

/** What a table shows of a metric: the median over slots, as the ratio is made of slots too. */
export function slotMedian(result: Result, name: string, metric: string): number | null {
  const summary = summaryOf(variantOf(result, name), metric);
  return summary?.slotMedian ?? summary?.value ?? null;
}

/** `python, rust and go`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** A gate of which there was nothing to observe did not fail; nor does it say anything. */
export function isObserved({ observed }: Gate): boolean {
  return known(observed);
}
