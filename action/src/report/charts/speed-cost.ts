/** A sweep in one picture: what each memory size costs, and how fast it is. */
import { scaleLinear } from 'd3-scale';
import type { Result, Sweep } from '../../result.ts';
import { extentOf } from '../extent.ts';
import { count, inOneUnit, measured } from '../units.ts';
import { listed, summaryOf, variantOf } from '../words.ts';
import {
  BOTTOM_AXIS,
  bottomAxis,
  evenTicks,
  leftAxis,
  logScale,
  logTicks,
  type Plot,
  type Scale,
} from './axis.ts';
import { drawable } from './drawable.ts';
import { type Chart, type Drawing, SMALL, WIDTH } from './frame.ts';
import { legend } from './legend.ts';
import { element, label, type Svg, tooltip } from './svg.ts';
import { type Theme, variantColour } from './theme.ts';

interface Dot {
  readonly variant: string;
  readonly cell: string;
  /** What tells it from the variant's others. */
  readonly size: string;
  readonly ms: number;
  /** Interquartile range over slots, ms. */
  readonly spreadMs: number;
  readonly usd: number;
  readonly beatenBy: string | null;
}

const HEIGHT = 280;

/** Nothing where fewer than two cells were measured. */
export function speedCostChart(result: Result): Chart[] {
  const dots = (result.sweeps ?? []).flatMap((sweep) => dotsOf(sweep, result));
  if (dots.length < 2) return [];
  return [
    {
      name: 'speed-cost',
      title: titleOf(dots),
      subtitle:
        'Further left is faster, further down is cheaper. Lines across: the middle half of the slots. Hollow: another size of the variant is better.',
      alt: `Duration p50 and whole bill per million of every cell. ${dots.map(inWords).join('; ')}.`,
      draw: (theme) => draw(result, dots, theme),
    },
  ];
}

function dotsOf({ variant, cells }: Sweep, result: Result): Dot[] {
  const architectures = new Set(cells.map(({ architecture }) => architecture));
  return cells.flatMap(({ name, memoryMb, architecture, durationMs, billUsd, beatenBy }) => {
    if (durationMs === null || billUsd === null || !drawable(durationMs) || !drawable(billUsd)) return [];
    const found = variantOf(result, name);
    const spreadMs = (found && summaryOf(found, 'duration.p50')?.slotSpread) ?? 0;
    const size = architectures.size > 1 ? `${count(memoryMb)} ${architecture}` : count(memoryMb);
    return { variant, cell: name, size, ms: durationMs, spreadMs, usd: billUsd, beatenBy };
  });
}

function titleOf(dots: readonly Dot[]): string {
  const beaten = dots.filter(({ beatenBy }) => beatenBy !== null);
  return beaten.length === 0
    ? `No verdict puts one size of ${listed([...new Set(dots.map(({ variant }) => variant))])} before another in speed and cost together`
    : `Better at another size: ${listed(beaten.map(({ cell, beatenBy }) => `${cell} (${beatenBy})`))}`;
}

const inWords = ({ cell, ms, usd, beatenBy }: Dot) =>
  `${cell}: ${measured(ms)} ms, ${inOneUnit('USD', [usd]).cells[0]} USD${beatenBy === null ? '' : `, ${beatenBy} is better`}`;

function draw(result: Result, dots: readonly Dot[], theme: Theme): Drawing {
  const key = legend(
    dots.map(({ cell }) => ({ name: cell, colour: variantColour(result, cell, theme) })),
    12,
    theme,
  );
  const plot: Plot = { left: 64, right: WIDTH - 12, top: key.height + 24, bottom: key.height + 24 + HEIGHT };
  const x = logScale(dots.flatMap(reach), [plot.left + 16, plot.right - 16]);
  const y = billScale(dots, plot);
  const content = [
    key.content,
    label(12, plot.top - 8, 'Whole bill, USD per million', { 'font-size': SMALL, fill: theme.muted }),
    leftAxis(y, evenTicks(y, 6), plot, theme),
    bottomAxis(x, logTicks(x, 8), plot, 'Duration p50, ms, logarithmic', theme),
    ...dots.map((dot) => mark(dot, x, y, variantColour(result, dot.cell, theme), theme)),
  ];
  return { height: plot.bottom + BOTTOM_AXIS, content: content.join('') };
}

/** Most of a bill is the same for all: from 0 on, no difference could be seen. */
function billScale(dots: readonly Dot[], { top, bottom }: Plot): Scale {
  const [least, most] = extentOf(dots.map(({ usd }) => usd));
  const air = (most - least || most) * 0.12;
  return scaleLinear([least - air, most + air], [bottom - 8, top + 12]);
}

/** From where to where the middle half of the slots reaches, ms. */
function reach({ ms, spreadMs }: Dot): [number, number] {
  const half = Math.min(spreadMs / 2, ms * 0.9);
  return [ms - half, ms + half];
}

function mark(dot: Dot, x: Scale, y: Scale, colour: string, theme: Theme): Svg {
  const [from, to] = reach(dot);
  const [cx, cy] = [x(dot.ms), y(dot.usd)];
  const isBeaten = dot.beatenBy !== null;
  const halo = { stroke: theme.background, 'stroke-width': 4, 'paint-order': 'stroke' };
  return [
    element('line', { x1: x(from), x2: x(to), y1: cy, y2: cy, stroke: colour, 'stroke-width': 2 }),
    element(
      'circle',
      { cx, cy, r: 6, fill: isBeaten ? theme.background : colour, stroke: colour, 'stroke-width': 2.5 },
      tooltip(inWords(dot)),
    ),
    label(cx, cy - 12, dot.size, { 'text-anchor': 'middle', 'font-size': SMALL, ...halo }),
  ].join('');
}
