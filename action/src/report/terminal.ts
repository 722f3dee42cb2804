import type { Comparison, PairResult, Result } from '../result.ts';
import { change } from './change.ts';
import { plain } from './escape.ts';
import { losses, runLine } from './run-line.ts';
import { IF_TRUSTED, title, trustLine } from './sections/opening.ts';
import { distrust, headline, type Sentence } from './sentences.ts';
import { type Scale, scaleFor, strip } from './strip.ts';
import { type Style, styleOf } from './style.ts';
import { factor, given, NO_VERDICT, withUnit } from './units.ts';
import { gatesOf, isDirected, shortLabel } from './words.ts';
import { columnsOf, cut, wrap } from './wrap.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal; text is wrapped to it, and strips are drawn if there is room. */
  readonly width: number;
}

/** The end summary: verdicts in words, the deciding metrics with their intervals, and what limits their worth. */
export function renderTerminal(result: Result, { color, width }: TerminalOptions): string {
  const page: Page = {
    style: styleOf(color),
    width: Math.max(MIN_WIDTH, Number.isFinite(width) ? Math.floor(width) : 80),
  };
  const parts = [
    header(result, page),
    ...distrusts(result, page),
    ...result.pairs.map((pair) => pairLines(result, pair, page)),
    caveats(result, page),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const MIN_WIDTH = 40;

interface Page {
  readonly style: Style;
  readonly width: number;
}

function header(result: Result, { style, width }: Page): string[] {
  const name = plain(`${title(result)} (${result.provenance.target.label})`);
  return [...wrap(name, width).map(style.bold), ...wrap(plain(`${runLine(result)}.`), width).map(style.dim)];
}

function distrusts(result: Result, page: Page): string[][] {
  const reasons = distrust(result).map((sentence) => sentenceLines(sentence, page, page.style.red));
  return reasons.length === 0 ? [] : [...reasons, wrap(IF_TRUSTED, page.width)];
}

function pairLines(result: Result, pair: PairResult, page: Page): string[] {
  return [...sentenceLines(headline(result, pair), page, page.style.bold), ...table(pair, page)];
}

/** The lead is painted line by line, so that colour never runs into the margin. */
function sentenceLines({ lead, rest }: Sentence, { width }: Page, paint: (text: string) => string): string[] {
  let left = plain(lead).length;
  return wrap(plain(`${lead}${rest}`), width).map((line) => {
    const painted = Math.max(0, Math.min(line.length, left));
    left -= line.length + 1;
    return `${paint(line.slice(0, painted))}${line.slice(painted)}`;
  });
}

interface Row {
  readonly comparison: Comparison;
  readonly cells: readonly string[];
}

interface Grid {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  readonly widths: readonly number[];
  readonly scale: Scale | null;
}

function table(pair: PairResult, page: Page): string[] {
  const deciding = gatesOf(pair);
  const rows = (deciding.length > 0 ? deciding : pair.comparisons).map((comparison) => ({
    comparison,
    cells: cellsOf(comparison),
  }));
  if (rows.length === 0) return [];
  const header = ['', cut(plain(pair.head), LONGEST_HEADER), '95 % CI', ''];
  const grid = fitted({ header, rows, widths: widthsOf(header, rows), scale: null }, page.width);
  return [
    page.style.dim(lineOf(grid.header, grid, scaleHeader)),
    ...grid.rows.map((row) => rowLine(row, grid, page.style)),
  ];
}

const GAP = '  ';
const LONGEST_HEADER = 16;
const NARROWEST_STRIP = 9;
const WIDEST_STRIP = 41;

function widthsOf(header: readonly string[], rows: readonly Row[]): number[] {
  return header.map((cell, i) =>
    Math.max(columnsOf(cell), ...rows.map(({ cells }) => columnsOf(cells[i] ?? ''))),
  );
}

/** Strips where there is room for them; without the intervals' column where there is not even room for that. */
function fitted(grid: Grid, width: number): Grid {
  const used = grid.widths.reduce((sum, column) => sum + column + GAP.length, 0);
  const room = Math.min(WIDEST_STRIP, width - used - GAP.length);
  if (room >= NARROWEST_STRIP)
    return {
      ...grid,
      scale: scaleFor(
        grid.rows.map(({ comparison }) => comparison),
        room,
      ),
    };
  return used <= width ? grid : withoutIntervals(grid);
}

function withoutIntervals({ header, rows, widths }: Grid): Grid {
  const drop = <T>(cells: readonly T[]) => cells.filter((_, i) => i !== INTERVAL);
  const narrower = rows.map(({ comparison, cells }) => ({ comparison, cells: drop(cells) }));
  return { header: drop(header), rows: narrower, widths: drop(widths), scale: null };
}

const INTERVAL = 2;

function cellsOf(comparison: Comparison): string[] {
  const { estimate, interval } = change(comparison.estimate, comparison.lo, comparison.hi);
  return [cut(plain(shortLabel(comparison.metric)), 16), estimate, interval, shortVerdict(comparison)];
}

function shortVerdict({ verdict }: Comparison): string {
  if (isDirected(verdict)) return verdict;
  return verdict === 'no practical difference'
    ? 'equal'
    : `${NO_VERDICT} ${SHORT_REASONS[verdict] ?? verdict}`;
}

const SHORT_REASONS: Readonly<Record<string, string>> = {
  inconclusive: 'unclear',
  'insufficient data': 'too few',
  'not available': 'n/a',
};

function rowLine({ comparison, cells }: Row, grid: Grid, style: Style): string {
  return paintOf(comparison, style)(lineOf(cells, grid, (scale) => strip(comparison, scale)));
}

function lineOf(cells: readonly string[], { widths, scale }: Grid, draw: (scale: Scale) => string): string {
  const last = cells.length - 1;
  const aligned = cells.map((cell, i) => pad(cell, widths[i] ?? 0, i > 0 && i < last));
  return (GAP + [...aligned, ...(scale === null ? [] : [draw(scale)])].join(GAP)).trimEnd();
}

function paintOf({ verdict }: Comparison, style: Style): (text: string) => string {
  if (verdict === 'better') return style.green;
  if (verdict === 'worse') return style.red;
  return verdict === 'no practical difference' ? (text) => text : style.dim;
}

/** `less   1x   more` with the reach at both ends if there is room. */
function scaleHeader({ reach, width }: Scale): string {
  const edge = factor(Math.exp(reach));
  const [before, after] = [`${edge} less`, `more ${edge}`];
  const middle = width - before.length - after.length;
  return middle < 3 ? `${'less'.padEnd(width - 4)}more` : `${before}${' '.repeat(middle)}${after}`;
}

function pad(cell: string, width: number, toRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(cell)));
  return toRight ? space + cell : cell + space;
}

function caveats(result: Result, page: Page): string[] {
  const failed = result.gates.filter((gate) => !gate.passed);
  return [
    ...wrap(plain(trustLine(result).replace(', listed below', '')), page.width).map(
      failed.length > 0 ? page.style.red : (text) => text,
    ),
    ...failed.flatMap((gate) =>
      item(
        `gate ${gate.id} failed: observed ${withUnit(gate.observed, gate.unit)}, limit ${withUnit(gate.limit, gate.unit, given)}`,
        page,
      ),
    ),
    ...losses(result).flatMap((loss) => item(loss, page)),
    ...result.warnings.flatMap(({ message }) => item(message, page)),
  ];
}

function item(text: string, { width, style }: Page): string[] {
  return wrap(plain(text), width - 4).map((line, i) => style.yellow(`${i === 0 ? '  - ' : '    '}${line}`));
}
