/** The blocks in the order they ran: is the ratio one that comes back in every block, whoever had the first turn? */
import { scaleLinear } from 'd3-scale';
import type { Comparison, PairResult, Result } from '../../result.ts';
import { change } from '../change.ts';
import { extentOf } from '../extent.ts';
import { count, known } from '../units.ts';
import { comparisonOf, describe, gatesOf, pairName, usage } from '../words.ts';
import { BOTTOM_AXIS, bottomAxis, evenTicks, leftAxis, type Plot, type Scale } from './axis.ts';
import { type Chart, type Drawing, fitting, WIDTH } from './frame.ts';
import { legend } from './legend.ts';
import { ratioScale, ratioTicks } from './ratio-axis.ts';
import { element, type Svg, tooltip } from './svg.ts';
import { type Theme, variantColour } from './theme.ts';

interface Point {
  readonly block: number;
  readonly logRatio: number;
  /** The one of the two that had the first turn; '' when the order was not kept. */
  readonly first: string;
}

const HEIGHT = 200;

export function blockChart(result: Result, pair: PairResult, place: number): Chart[] {
  const comparison = comparisonOf(pair, 'duration.p50') ?? gatesOf(pair)[0];
  if (comparison === undefined || comparison.blocks.length < 2) return [];
  const points = comparison.blocks.map((block) => ({ ...block, first: firstOf(result, pair, block.block) }));
  const { what, where } = usage(comparison.metric);
  const label = describe(comparison.metric).label;
  const less = points.filter(({ logRatio }) => logRatio < 0).length;
  const tally = `${count(less)} of ${count(points.length)} blocks`;
  return [
    {
      name: `blocks-${place}`,
      title: `${pair.head} used less ${what} than ${pair.base}${where} in ${tally}`,
      subtitle: `${label} of ${pairName(pair)}: one point a block, coloured by who had the first turn. Band: 95 % interval of the whole run.`,
      alt: `${label}, ratio of ${pairName(pair)} block by block: less in ${tally}; ${extremes(points)}.`,
      draw: (theme) => draw({ result, pair, comparison, points, theme }),
    },
  ];
}

function firstOf({ design }: Result, { base, head }: PairResult, block: number): string {
  return design.order[block]?.find((name) => name === base || name === head) ?? '';
}

function extremes(points: readonly Point[]): string {
  const logs = points.map(({ logRatio }) => logRatio);
  const [least, most] = extentOf(logs);
  return `from ${change(least).estimate} to ${change(most).estimate}`;
}

interface Course {
  readonly result: Result;
  readonly pair: PairResult;
  readonly comparison: Comparison;
  readonly points: readonly Point[];
  readonly theme: Theme;
}

function draw(course: Course): Drawing {
  const { result, pair, comparison, points, theme } = course;
  const names = [pair.head, pair.base];
  const key = legend(
    names.map((name) => ({
      name: `${fitting(name, 150)} first`,
      colour: variantColour(result, name, theme),
    })),
    100,
    theme,
  );
  const plot: Plot = { left: 100, right: WIDTH - 16, top: key.height + 6, bottom: key.height + 6 + HEIGHT };
  const { lo, hi } = comparison;
  const logs = [...points.map(({ logRatio }) => logRatio), ...[lo, hi].filter(known)];
  const y = ratioScale(logs, [plot.bottom, plot.top]);
  const blocks = points.map(({ block }) => block);
  const x = scaleLinear(extentOf(blocks), [plot.left + 10, plot.right - 10]);
  const whole = evenTicks(x, 8).filter(({ at }) => Number.isInteger(at));
  const content = [
    key.content,
    known(lo) && known(hi) ? intervalBand(y(hi), y(lo), plot, theme) : '',
    leftAxis(y, ratioTicks(y), plot, theme),
    bottomAxis(x, whole, plot, 'Block, in the order they ran', theme),
    element('line', { x1: plot.left, x2: plot.right, y1: y(0), y2: y(0), stroke: theme.ink }),
    ...points.map((point) => pointOf(point, x, y, course)),
  ];
  return { height: plot.bottom + BOTTOM_AXIS, content: content.join('') };
}

function intervalBand(top: number, bottom: number, { left, right }: Plot, theme: Theme): Svg {
  return element('rect', {
    x: left,
    y: top,
    width: right - left,
    height: Math.max(1, bottom - top),
    fill: theme.band,
  });
}

function pointOf({ block, logRatio, first }: Point, x: Scale, y: Scale, { result, theme }: Course): Svg {
  const fill = variantColour(result, first, theme);
  const says = `block ${count(block)}: ${change(logRatio).estimate}${first === '' ? '' : `, ${first} had the first turn`}`;
  return element('circle', { cx: x(block), cy: y(logRatio), r: 4, fill }, tooltip(says));
}
