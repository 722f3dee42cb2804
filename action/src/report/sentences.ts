/**
 * The verdict in a sentence, for markdown and terminal alike. Raw text: whoever shows it escapes it. `lead` is what a
 * reader must take home, `rest` the evidence for it.
 */
import { MIN_BLOCKS } from '../compare/verdict.ts';
import type { Comparison, PairResult, Result } from '../result.ts';
import { change, sizeOf } from './change.ts';
import { given, known, plural, pValue, withUnit } from './units.ts';
import {
  comparisonOf,
  describe,
  gatesOf,
  isDirected,
  listed,
  marginOf,
  shortLabel,
  usage,
  variantOf,
} from './words.ts';

export interface Sentence {
  readonly lead: string;
  readonly rest: string;
}

/** Reasons to believe none of the verdicts; they come before any of them. Empty when there is none. */
export function distrust(result: Result): Sentence[] {
  return [...failedGates(result), ...dirtyControls(result)];
}

function failedGates(result: Result): Sentence[] {
  return result.gates
    .filter((gate) => !gate.passed)
    .map((gate) => ({
      lead: `Not to be trusted: the gate ${gate.id} failed`,
      rest: ` (observed ${withUnit(gate.observed, gate.unit)}, limit ${withUnit(gate.limit, gate.unit, given)}). ${gate.message}`,
    }));
}

function dirtyControls(result: Result): Sentence[] {
  return result.pairs.filter(isDirtyControl).map((pair) => ({
    lead: `Not to be trusted: ${pair.head} and ${pair.base} are the same code, yet a difference was found`,
    rest: ` (${listed(differing(pair))}). Whatever caused it can as well have caused the differences between other variants: run again on a quieter machine.`,
  }));
}

function differing(pair: PairResult): string[] {
  const seen = pair.noise?.differing ?? gatesOf(pair).filter((comparison) => isDirected(comparison.verdict));
  return seen.map(({ metric, estimate }) => `${describe(metric).label} ${change(estimate).estimate}`);
}

/** `Not to be trusted (control differs by 3 % more Duration p50): `; '' when no control differs. */
function doubtOf(result: Result): string {
  if (result.provenance.target.kind === 'import')
    return 'Not interleaved, so the hour and the machine are in it as much as the code: ';
  const seen = result.pairs.filter(isDirtyControl).flatMap(differing);
  return seen.length === 0 ? '' : `Not to be trusted (control differs: ${listed(seen)}): `;
}

/** Identical artefacts of which a gate metric was called better or worse. */
function isDirtyControl(pair: PairResult): boolean {
  if (pair.noise !== null) return pair.noise.clean === false;
  return pair.control && gatesOf(pair).some((comparison) => isDirected(comparison.verdict));
}

/** The pair's headline: Duration at p50 if it was compared, else the first gate metric, else (of an import) the first at all. */
export function headline(result: Result, pair: PairResult): Sentence {
  const comparison = comparisonOf(pair, 'duration.p50') ?? gatesOf(pair)[0] ?? pair.comparisons[0];
  if (comparison === undefined) {
    return {
      lead: `No verdict on ${pair.head} against ${pair.base}`,
      rest: ': no metric of theirs was compared.',
    };
  }
  if (pair.control) return controlSentence(pair, comparison);
  const { lead, rest } = sentenceOf(pair, comparison);
  return { lead: `${doubtOf(result)}${lead}`, rest: `${rest}${billClause(result, pair)}.` };
}

/** One comparison as a sentence without its full stop. */
function sentenceOf(pair: PairResult, comparison: Comparison): Sentence {
  switch (comparison.verdict) {
    case 'better':
    case 'worse':
      return directed(pair, comparison);
    case 'no practical difference':
      return equal(pair, comparison);
    case 'inconclusive':
      return inconclusive(pair, comparison);
    default:
      return withoutVerdict(pair, comparison);
  }
}

function directed(pair: PairResult, comparison: Comparison): Sentence {
  const { what, where } = usage(comparison.metric);
  return {
    lead: `${pair.head} used ${change(comparison.estimate, comparison.lo, comparison.hi).estimate} ${what} than ${pair.base}${where}`,
    rest: ` (${evidence(comparison)})${doubtOfMargin(comparison)}`,
  };
}

function doubtOfMargin(comparison: Comparison): string {
  return comparison.beyondMargin ? '' : `, perhaps within the ${marginOf(comparison)} that count as equal`;
}

function equal(pair: PairResult, comparison: Comparison): Sentence {
  const { what, where } = usage(comparison.metric);
  const detectable = known(comparison.pHolm) && comparison.pHolm <= comparison.alpha;
  const note = detectable
    ? `; a difference is there (p = ${pValue(comparison.pHolm)}) but too small to matter`
    : '';
  return {
    lead: `${pair.head} and ${pair.base} show no practical difference in ${what}${where}`,
    rest: `: it is within ${marginOf(comparison)} (measured ${amount(comparison)}, ${evidence(comparison)})${note}`,
  };
}

function inconclusive(pair: PairResult, comparison: Comparison): Sentence {
  const { what, where } = usage(comparison.metric);
  const least = comparison.smallestDetectable;
  const sight = known(least)
    ? `; tested by itself, a difference of ${sizeOf(least)} or larger would have shown in four of five such runs`
    : '';
  return {
    lead: `Inconclusive: ${pair.head} may use less or more ${what} than ${pair.base}${where}`,
    rest: ` (measured ${amount(comparison)}, ${evidence(comparison)})${sight}`,
  };
}

function withoutVerdict(pair: PairResult, comparison: Comparison): Sentence {
  const { what, where } = usage(comparison.metric);
  const missing = comparison.verdict === 'not available';
  const few = `only ${plural(comparison.n, 'usable block')}, at least ${MIN_BLOCKS} are needed`;
  const unbounded = `${plural(comparison.n, 'usable block')}, and the interval has no finite bounds`;
  const absent =
    comparison.method === 'reused-environments'
      ? 'execution environments served several blocks'
      : 'it was not measured on both sides';
  const reason = missing ? absent : comparison.n < MIN_BLOCKS ? few : unbounded;
  return {
    lead: `${missing ? 'Not available' : 'Insufficient data'}: no verdict on the ${what} of ${pair.head} against ${pair.base}${where}`,
    rest: ` (${reason})`,
  };
}

function controlSentence(pair: PairResult, comparison: Comparison): Sentence {
  if (isDirtyControl(pair)) {
    const { lead, rest } = sentenceOf(pair, comparison);
    return { lead: `Control (identical code): ${lead}`, rest: `${rest}.` };
  }
  const gates = gatesOf(pair);
  const tested = gates.filter(({ pHolm }) => known(pHolm)).length;
  const where =
    tested < gates.length ? ` in the ${tested} of ${gates.length} deciding metrics that could be tested` : '';
  const found =
    pair.noise?.clean === null
      ? 'too little was measured to tell whether the run is clean'
      : `no difference was found${where}`;
  return {
    lead: `Control: ${pair.head} and ${pair.base} are the same code, and ${found}`,
    rest: ` (${plural(comparison.n, 'block')})${noiseFloor(pair)}.`,
  };
}

/** `; noise of what decides may make up to 7.5 % (Duration p95)`: of the deciding metric of a control pair that is known least well. */
function noiseFloor({ noise }: PairResult): string {
  const bounds = noise?.floor.map(({ metric, bound }) => ({ metric, bound: bound ?? Infinity })) ?? [];
  const [widest] = bounds.sort((a, b) => b.bound - a.bound);
  if (widest === undefined) return '';
  const size = widest.bound === Infinity ? 'any difference' : `up to ${sizeOf(widest.bound)}`;
  return `; noise of what decides may make ${size} (${describe(widest.metric).label})`;
}

/** `; the whole bill differs by 1 %`: from the comparison of bills, or from the bills when they were not compared. */
function billClause(result: Result, pair: PairResult): string {
  const compared = comparisonOf(pair, 'cost.total');
  const estimate = known(compared?.estimate) ? compared.estimate : logRatioOfBills(result, pair);
  if (!known(estimate)) return '';
  const size = change(estimate).estimate;
  if (compared === undefined) return `; the whole bill is ${size}`;
  if (isDirected(compared.verdict)) return `; the whole bill is ${size}${doubtOfMargin(compared)}`;
  if (compared.verdict === 'no practical difference')
    return `; the whole bill is practically the same (${size})`;
  return `; the whole bill is ${size}, without a verdict`;
}

function logRatioOfBills(result: Result, pair: PairResult): number | null {
  const [base, head] = [pair.base, pair.head].map((name) => variantOf(result, name)?.cost?.perMillion.total);
  return known(base) && known(head) && base > 0 && head > 0 ? Math.log(head / base) : null;
}

/** All gate metrics in a line, so that a good headline cannot hide a bad one; '' when there is only one. */
export function gateTally(pair: PairResult): string {
  const gates = gatesOf(pair);
  if (gates.length < 2 || pair.control) return '';
  const groups = [
    tallyOf(gates, 'worse', (c) => c.verdict === 'worse'),
    tallyOf(gates, 'better', (c) => c.verdict === 'better'),
    tallyOf(gates, 'practically equal', (c) => c.verdict === 'no practical difference'),
    tallyOf(
      gates,
      'without a verdict',
      (c) => !isDirected(c.verdict) && c.verdict !== 'no practical difference',
    ),
  ];
  return `Of the ${gates.length} metrics that decide: ${groups.filter((group) => group !== '').join('; ')}.`;
}

function tallyOf(gates: readonly Comparison[], words: string, belongs: (c: Comparison) => boolean): string {
  const members = gates.filter(belongs);
  if (members.length === 0) return '';
  return `${members.length} ${words} (${members.map((c) => shortLabel(c.metric)).join(', ')})`;
}

/** `1.2 % more`. */
function amount(comparison: Comparison): string {
  return change(comparison.estimate, comparison.lo, comparison.hi).estimate;
}

/** `95 % CI 2.9-3.3x less, 30 blocks`. */
function evidence(comparison: Comparison): string {
  const { interval } = change(comparison.estimate, comparison.lo, comparison.hi);
  return `95 % CI ${interval}, ${plural(comparison.n, 'block')}`;
}
