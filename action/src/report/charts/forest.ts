/** Every metric of a pair as a ratio with its interval: where it lies tells who used less, how long it is how sure we are. */
import type { Comparison, PairResult, Result } from '../../result.ts';
import { change } from '../change.ts';
import { headline } from '../sentences.ts';
import { known } from '../units.ts';
import { describe, gatesOf, isDirected, pairName, shortLabel, verdictWords } from '../words.ts';
import { BOTTOM_AXIS, bottomAxis, type Plot, type Scale, vertical } from './axis.ts';
import { type Chart, type Drawing, fitting, SMALL, WIDTH, widthOf } from './frame.ts';
import { ratioScale, ratioTicks } from './ratio-axis.ts';
import { element, label, type Svg, tooltip } from './svg.ts';
import { type Theme, variantColour, variantInk } from './theme.ts';

type Row = Pick<Comparison, 'metric' | 'family' | 'estimate' | 'lo' | 'hi' | 'margin' | 'verdict'>;

const ROW = 28;
const HEADER = 34;
const LEFT = 168;
const RIGHT = WIDTH - 112;

export function forestChart(result: Result, pair: PairResult, place: number): Chart[] {
  const rows = rowsOf(pair);
  if (!rows.some(({ estimate }) => known(estimate))) return [];
  return [
    {
      name: `forest-${place}`,
      title: headline(result, pair).lead,
      subtitle: `${pairName(pair)}: ratio with its 95 % interval. Grey: differences too small to matter. Hollow: no verdict.`,
      alt: altOf(pair),
      draw: (theme) => draw({ result, pair, rows, theme }),
    },
  ];
}

/** What decides comes first, as in the table, and is named even where nothing is known. */
function rowsOf(pair: PairResult): Row[] {
  return [...gatesOf(pair), ...pair.comparisons.filter(({ family }) => family !== 'gate')].filter(
    ({ family, estimate }) => family === 'gate' || known(estimate),
  );
}

function altOf(pair: PairResult): string {
  const told = gatesOf(pair).map((comparison) => {
    const { estimate, interval } = change(comparison.estimate, comparison.lo, comparison.hi);
    return `${describe(comparison.metric).label}: ${estimate} (95 % CI ${interval}), ${verdictWords(comparison)}`;
  });
  return `Ratio of ${pairName(pair)} for every metric, with intervals. ${told.join('; ')}.`;
}

interface Forest {
  readonly result: Result;
  readonly pair: PairResult;
  readonly rows: readonly Row[];
  readonly theme: Theme;
}

function draw(forest: Forest): Drawing {
  const { pair, rows, theme } = forest;
  const plot: Plot = { left: LEFT, right: RIGHT, top: HEADER, bottom: HEADER + rows.length * ROW + 4 };
  const logs = rows.flatMap(({ estimate, lo, hi }) => [estimate, lo, hi]).filter(known);
  const scale = ratioScale(logs, [plot.left, plot.right]);
  const name = fitting(`${pair.head} / ${pair.base}, logarithmic`, WIDTH - LEFT, SMALL);
  const middle = (i: number) => HEADER + (i + 0.5) * ROW + 2;
  const content = [
    ...rows.map((row, i) => band(row, middle(i), scale, theme)),
    bottomAxis(scale, ratioTicks(scale), plot, name, theme),
    vertical(scale(0), plot, theme, theme.ink),
    directions(forest, scale),
    ...rows.map((row, i) => rowOf(row, middle(i), scale, forest)),
  ];
  return { height: plot.bottom + BOTTOM_AXIS, content: content.join('') };
}

function band({ margin }: Row, y: number, scale: Scale, theme: Theme): Svg {
  const x = scale(-margin);
  const width = scale(margin) - x;
  return element('rect', { x, y: y - ROW / 2, width, height: ROW, fill: theme.band });
}

/**
 * Who used less, on the side where it is so, in that variant's colour. They part where both are the same, or as near to
 * it as leaves room for the words: one side may be most of the picture.
 */
function directions({ result, pair, theme }: Forest, scale: Scale): Svg {
  const less = `◀ ${shown(pair.head, pair.base)}${SAYING}`;
  const more = `${shown(pair.base, pair.head)}${SAYING} ▶`;
  const least = EDGE + widthOf(less, BOLD) + GAP;
  const most = WIDTH - EDGE - widthOf(more, BOLD) - GAP;
  const parting = Math.min(Math.max(scale(0), least), most);
  const side = (text: string, name: string, x: number, anchor: 'start' | 'end') =>
    label(x, 20, text, {
      'text-anchor': anchor,
      'font-weight': 600,
      fill: variantInk(result, name, theme),
    });
  return side(less, pair.head, parting - GAP, 'end') + side(more, pair.base, parting + GAP, 'start');
}

const SAYING = ' used less';
const EDGE = 10;
const GAP = 8;
/** Bold letters are as wide as regular ones of this size. */
const BOLD = 17;

/** A variant's name, cut only where both names and their words do not fit side by side. */
function shown(name: string, other: string): string {
  const room = WIDTH - 2 * EDGE - 2 * GAP;
  const words = widthOf(`${SAYING} ▶`, BOLD);
  return fitting(name, Math.max(room / 2, room - widthOf(other, BOLD) - words) - words, BOLD);
}

function rowOf(row: Row, y: number, scale: Scale, forest: Forest): Svg {
  const { theme } = forest;
  const { estimate, interval } = change(row.estimate, row.lo, row.hi);
  const decides = row.family === 'gate';
  const weight = decides ? { 'font-weight': 600 } : { fill: theme.muted };
  return element(
    'g',
    {},
    tooltip(`${describe(row.metric).label}: ${estimate} (95 % CI ${interval}), ${row.verdict}`),
    label(LEFT - 10, y + 5, fitting(shortLabel(row.metric), LEFT - 18), { 'text-anchor': 'end', ...weight }),
    intervalOf(row, y, scale, forest),
    label(WIDTH - 10, y + 5, estimate, { 'text-anchor': 'end', ...weight }),
  );
}

function intervalOf(row: Row, y: number, scale: Scale, forest: Forest): Svg {
  if (!known(row.estimate)) return '';
  const colour = colourOf(row, forest);
  const [from, to] = [scale(row.lo ?? -Infinity), scale(row.hi ?? Infinity)];
  const thick = row.family === 'gate' ? 3 : 2;
  const point = { cx: scale(row.estimate), cy: y, r: row.family === 'gate' ? 5.5 : 4 };
  const hollow = { fill: forest.theme.background, stroke: colour, 'stroke-width': 2 };
  return (
    element('line', { x1: from, x2: to, y1: y, y2: y, stroke: colour, 'stroke-width': thick }) +
    element('circle', { ...point, ...(isDirected(row.verdict) ? { fill: colour } : hollow) })
  );
}

/** A verdict has the colour of the variant that used less. */
function colourOf({ verdict }: Row, { result, pair, theme }: Forest): string {
  if (!isDirected(verdict)) return theme.muted;
  return variantColour(result, verdict === 'better' ? pair.head : pair.base, theme);
}
