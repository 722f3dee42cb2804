/** A sweep over memory and architecture: how the ratio moves, and which cell of each variant to take. */
import type { PairResult, Result, Standing, Sweep, VariantResult } from '../../result.ts';
import { type Block, bullets, heading, left, paragraph, picture, right, table } from '../blocks.ts';
import { change } from '../change.ts';
import { speedCostChart } from '../charts/speed-cost.ts';
import { count, inOneUnit, known, type Quantity, UNKNOWN } from '../units.ts';
import { comparisonOf, listed, variantOf, verdictWords } from '../words.ts';

export function sweepSection(result: Result): Block[] {
  const sweeps = result.sweeps ?? [];
  if (sweeps.length === 0) return [];
  return [
    heading(2, 'Over memory and architecture'),
    ...speedCostChart(result).map(picture),
    ...ratioTables(result),
    ...sweeps.flatMap((sweep) => sweepBlocks(sweep, result)),
    ...(sweeps.some(isWarm) ? [paragraph(NOTE)] : []),
  ];
}

/** A run of cold starts alone has neither Duration nor bill of its cells. */
const isWarm = ({ cells }: Sweep): boolean => cells.some(({ durationMs }) => durationMs !== null);

interface Cell {
  readonly pair: PairResult;
  readonly base: VariantResult;
  readonly head: VariantResult;
}

/** Pairs of two variants' cells, by the two variants. */
function ratioTables(result: Result): Block[] {
  const cells = result.pairs.flatMap((pair): Cell[] => {
    const [base, head] = [variantOf(result, pair.base), variantOf(result, pair.head)];
    const across = base?.cellOf !== undefined && head?.cellOf !== undefined && base.cellOf !== head.cellOf;
    return across ? [{ pair, base, head }] : [];
  });
  const names = new Set(cells.map(nameOf));
  return [...names].flatMap((name) => [
    heading(3, `${name}, cell by cell`),
    ratioTable(cells.filter((cell) => nameOf(cell) === name)),
  ]);
}

const nameOf = ({ base, head }: Cell): string => `${head.cellOf} against ${base.cellOf}`;

const SHOWN = [
  { metric: 'duration.p50', name: 'Duration p50' },
  { metric: 'cold.total', name: 'Cold start' },
  { metric: 'cost.total', name: 'Whole bill' },
] as const;

function ratioTable(cells: readonly Cell[]): Block {
  const shown = SHOWN.filter(({ metric }) => cells.some(({ pair }) => comparisonOf(pair, metric)));
  const columns = shown.flatMap(({ name }) => [right(name), right('95 % CI'), left('Verdict')]);
  return table(
    [right('Memory, MB'), left('Architecture'), ...columns],
    cells.map(({ pair, head }) => [
      count(head.memoryMb),
      head.architecture ?? UNKNOWN,
      ...shown.flatMap(({ metric }) => ratioCells(pair, metric)),
    ]),
  );
}

function ratioCells(pair: PairResult, metric: string): string[] {
  const comparison = comparisonOf(pair, metric);
  if (comparison === undefined) return ['', '', ''];
  const { estimate, interval } = change(comparison.estimate, comparison.lo, comparison.hi);
  return [estimate, interval, verdictWords(comparison)];
}

function sweepBlocks(sweep: Sweep, result: Result): Block[] {
  if (!isWarm(sweep)) return [heading(3, `${sweep.variant}: cold starts`), coldTable(sweep.cells, result)];
  return [
    heading(3, `${sweep.variant}: speed against cost`),
    cellTable(sweep.cells, result),
    bullets([
      standingSentence('fastest', sweep.fastest),
      standingSentence('cheapest', sweep.cheapest),
      recommendation(sweep),
    ]),
  ];
}

const NOTE =
  'A cell is off the front when another one has a verdict over it in speed or cost and is not worse in the other. Cold starts are in the bill at their share, and in no recommendation. Values are medians over slots; bills are per million invocations, and Lambda alone is a part of the whole.';

type SweepCell = Sweep['cells'][number];

function cellTable(cells: readonly SweepCell[], result: Result): Block {
  const lambda = ({ name }: SweepCell) => variantOf(result, name)?.cost?.perMillion.lambda;
  const columns = [
    column('Duration p50', 'ms', cells, ({ durationMs }) => durationMs),
    column('Whole bill', 'USD', cells, ({ billUsd }) => billUsd),
    column('Lambda alone', 'USD', cells, lambda),
    coldColumn(cells, result),
  ];
  return table(
    [left('Cell'), ...columns.map(({ header }) => right(header)), left('Pareto front')],
    cells.map((cell, row) => [cell.name, ...columns.map((each) => each.cells[row]!), frontWords(cell)]),
  );
}

function coldTable(cells: readonly SweepCell[], result: Result): Block {
  const cold = coldColumn(cells, result);
  return table(
    [left('Cell'), right(cold.header)],
    cells.map(({ name }, row) => [name, cold.cells[row]!]),
  );
}

const coldColumn = (cells: readonly SweepCell[], result: Result) =>
  column('Cold start p50', 'ms', cells, ({ name }) => variantOf(result, name)?.cold.totalMs?.p50);

function column(
  name: string,
  quantity: Quantity,
  cells: readonly SweepCell[],
  value: (cell: SweepCell) => number | null | undefined,
) {
  const inUnit = inOneUnit(quantity, cells.map(value));
  return { header: `${name}, ${inUnit.unit}`, cells: inUnit.cells };
}

function frontWords({ durationMs, billUsd, beatenBy }: SweepCell): string {
  if (!known(durationMs) || !known(billUsd)) return UNKNOWN;
  return beatenBy === null ? 'on it' : `no: ${beatenBy} is better`;
}

function standingSentence(superlative: 'fastest' | 'cheapest', standing: Standing | null): string {
  if (standing === null) return `The ${superlative} cell is unknown: for want of prices there is no bill.`;
  const { cell, level, undecided } = standing;
  if (undecided.length > 0)
    return `No cell can be called the ${superlative}: ${cell} came first, but the intervals do not tell it from ${listed(undecided)}.`;
  return level.length === 0
    ? `The ${superlative} cell is ${cell}.`
    : `The ${superlative} cells are ${listed([cell, ...level])}, without a practical difference.`;
}

/** Only what verdicts carry. */
function recommendation({ fastest, cheapest, cells }: Sweep): string {
  if (fastest === null || cheapest === null)
    return 'No recommendation: it takes Duration and bill of the cells.';
  if (fastest.undecided.length + cheapest.undecided.length > 0)
    return 'No recommendation: the intervals do not allow one. More blocks would narrow them.';
  const [fast, cheap] = [fastest, cheapest].map(({ cell, level }) => [cell, ...level]) as [
    string[],
    string[],
  ];
  // Level with the best does not mean level with each other.
  const isBeaten = (cell: string) => cells.find(({ name }) => name === cell)?.beatenBy != null;
  const both = fast.filter((cell) => cheap.includes(cell) && !isBeaten(cell));
  return both.length > 0
    ? `Recommendation, by warm calls: ${listed(both)}; none is faster and none is cheaper.`
    : `Recommendation, by warm calls: ${pick(fastest, isBeaten)} where speed counts, ${pick(cheapest, isBeaten)} where cost counts; no cell is best at both.`;
}

/** The cell that came first, or the one level with it that no other has a verdict over. */
function pick({ cell, level }: Standing, isBeaten: (cell: string) => boolean): string {
  return [cell, ...level].find((each) => !isBeaten(each)) ?? cell;
}
