/** Everything about one pair: the table of its metrics, its errors, and what a statistician asks next. */
import type { Comparison, ErrorComparison, PairResult, Result } from '../../result.ts';
import {
  type Block,
  type Column,
  details,
  heading,
  left,
  paragraph,
  picture,
  right,
  table,
} from '../blocks.ts';
import { change } from '../change.ts';
import { blockChart } from '../charts/block-ratios.ts';
import { forestChart } from '../charts/forest.ts';
import {
  count,
  factor,
  measured,
  NO_VERDICT,
  percent,
  plural,
  points,
  pValue,
  share,
  UNKNOWN,
  valueIn,
} from '../units.ts';
import {
  describe,
  isWidened,
  labelWithUnit,
  marginOf,
  pairName,
  slotMedian,
  verdictWords,
} from '../words.ts';
import { noiseBlocks } from './noise.ts';
import { startBlocks } from './snap-start.ts';

export function pairSections(result: Result): Block[] {
  return result.pairs.flatMap((pair, i) => [
    heading(2, `${pairName(pair)}${pair.control ? ' (control: identical code)' : ''}`),
    ...forestChart(result, pair, i + 1).map(picture),
    metricTable(result, pair),
    ...startBlocks(result, pair),
    paragraph(errorSentence(pair)),
    ...blockChart(result, pair, i + 1).map(picture),
    ...noiseBlocks(pair),
    ...(pair.comparisons.length === 0
      ? []
      : [
          details(`Details of ${pairName(pair)} for statisticians`, [
            detailTable(pair),
            paragraph(`${DETAIL_NOTE}${isWidened(pair) ? ALLOWED_FOR : TOO_NARROW}`),
          ]),
        ]),
  ]);
}

function metricTable(result: Result, pair: PairResult): Block {
  return table(metricColumns(pair), metricRows(result, pair));
}

export function metricColumns(pair: PairResult): Column[] {
  return [
    left('Metric'),
    right(pair.base),
    right(pair.head),
    right(`${pair.head} used`),
    right('95 % CI'),
    right('p (Holm)'),
    right('n'),
    left('Verdict'),
  ];
}

/** A row for each metric, what decides first, and one for the errors. Raw text. */
export function metricRows(result: Result, pair: PairResult): string[][] {
  return [...inOrder(pair).map((comparison) => metricRow(result, pair, comparison)), errorRow(pair.errors)];
}

/** What decides comes first. */
function inOrder(pair: PairResult): Comparison[] {
  const of = (family: Comparison['family']) =>
    pair.comparisons.filter((comparison) => comparison.family === family);
  return [...of('gate'), ...of('detail')];
}

function metricRow(result: Result, pair: PairResult, comparison: Comparison): string[] {
  const values = [pair.base, pair.head].map((name) => slotMedian(result, name, comparison.metric));
  const { estimate, interval } = change(comparison.estimate, comparison.lo, comparison.hi);
  return [
    `${labelWithUnit(comparison.metric)}${comparison.family === 'gate' ? '' : ' †'}`,
    ...values.map((value) => valueIn(describe(comparison.metric).unit, value)),
    estimate,
    interval,
    pValue(comparison.pHolm),
    count(comparison.n),
    verdictWords(comparison),
  ];
}

function errorRow(errors: ErrorComparison): string[] {
  return [
    'Errors (% of requests)',
    measured(inPercent(errors.base.rate)),
    measured(inPercent(errors.head.rate)),
    `${points(errors.difference)} points`.replace(`${UNKNOWN} points`, UNKNOWN),
    errors.lo === null || errors.hi === null ? UNKNOWN : `${points(errors.lo)} to ${points(errors.hi)}`,
    errors.p === null ? UNKNOWN : `${pValue(errors.p)} (raw)`,
    count(errors.base.requests + errors.head.requests),
    `${NO_VERDICT} not judged`,
  ];
}

function inPercent(rate: number | null): number | null {
  return rate === null ? null : rate * 100;
}

function errorSentence(pair: PairResult): string {
  const { base, head, upperBound } = pair.errors;
  const counts = `Errors: ${pair.base} ${count(base.errors)} of ${plural(base.requests, 'request')}, ${pair.head} ${count(head.errors)} of ${plural(head.requests, 'request')}`;
  const bound =
    upperBound === null
      ? ''
      : ` (if requests fail independently of each other, the true rate is below ${percent(upperBound)} with 95 % confidence)`;
  return `${counts}${bound}. Values are medians over slots, and the ratio is that of the blocks, which need not be the quotient of these; n counts blocks; † informs and does not decide. Errors do neither: their rates are of all requests, which n counts, and p is not corrected.`;
}

const DETAIL_NOTE =
  'Could see: the smallest difference that the run would have found in four of five repetitions, before Holm corrects p. P(head > base): how often, within a block, one observation of the head is above one of the base. It and the ratio of means are of the single observations, and so the same for all quantiles of them. Autocorrelation is that of the ratios of neighbouring blocks; ';

const TOO_NARROW = 'well above 0, intervals are too narrow.';
const ALLOWED_FOR =
  'where it is beyond chance, the variance of the blocks is multiplied by the inflation beside it.';

function detailTable(pair: PairResult): Block {
  const withInflation = isWidened(pair);
  const columns = [
    left('Metric'),
    right('Margin'),
    right('Could see'),
    right('p (raw)'),
    right('P(head > base)'),
    right('Ratio of means (head / base)'),
    right('Lag-1 autocorrelation'),
    ...(withInflation ? [right('Variance inflation')] : []),
    right('Dropped blocks'),
    left('Method'),
  ];
  return table(
    columns,
    inOrder(pair).map((comparison) => detailRow(comparison, withInflation)),
  );
}

function detailRow(comparison: Comparison, withInflation: boolean): string[] {
  const { smallestDetectable } = comparison;
  return [
    describe(comparison.metric).label,
    marginOf(comparison),
    percent(smallestDetectable === null ? null : Math.expm1(smallestDetectable)),
    pValue(comparison.p),
    share(comparison.pSlower),
    factor(comparison.ratioOfMeans),
    share(comparison.autocorrelation),
    ...(withInflation ? [factor(comparison.inflation)] : []),
    count(comparison.droppedBlocks),
    comparison.method,
  ];
}
