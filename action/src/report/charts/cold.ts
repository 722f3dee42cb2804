/** What the first caller of a new environment waits: every start as a point, the middle half and the median over it. */
import type { Result, VariantResult } from '../../result.ts';
import { inOneUnit, measured } from '../units.ts';
import { listed } from '../words.ts';
import { BOTTOM_AXIS, bottomAxis, logScale, logTicks, type Plot, type Scale } from './axis.ts';
import { drawable } from './drawable.ts';
import { type Chart, type Drawing, fitting, SMALL, WIDTH } from './frame.ts';
import { coordinate, element, label, type Svg, tooltip } from './svg.ts';
import { type Theme, variantColour, variantInk } from './theme.ts';

interface Strip {
  readonly variant: string;
  readonly part: 'Init' | 'Restore' | 'First call';
  readonly spread: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Every start, ms; empty for a result that did not keep them. */
  readonly starts: readonly number[];
}

const PARTS = [
  { part: 'Init', spread: 'initMs' },
  { part: 'First call', spread: 'firstCallMs' },
] as const;
const ROW = 50;
const LEFT = 168;

export function coldChart(result: Result): Chart[] {
  const strips = result.variants.flatMap(stripsOf);
  if (strips.length === 0) return [];
  return [
    {
      name: 'cold-starts',
      title: titleOf(result),
      subtitle:
        'Each point is one new environment, ms, logarithmic. Line: p50 to p95 of all; large dot: p50.',
      alt: `Cold starts. ${strips.map(inWords).join('; ')}.`,
      draw: (theme) => draw(result, strips, theme),
    },
  ];
}

function stripsOf({ name, cold, snapStart }: VariantResult): Strip[] {
  return PARTS.flatMap(({ part: usual, spread: key }) => {
    const spread = cold[key];
    if (spread === null || !Object.values(spread).every(drawable)) return [];
    const starts = (cold.starts ?? []).map((start) => start[key]).filter(drawable);
    const part = usual === 'Init' && snapStart === true ? 'Restore' : usual;
    return [{ variant: name, part, spread, starts }];
  });
}

function titleOf({ variants }: Result): string {
  const seen = variants
    .flatMap(({ name, cold }) => (cold.totalMs === null ? [] : [{ name, p50: cold.totalMs.p50 }]))
    .sort((a, b) => a.p50 - b.p50);
  if (seen.length === 0) return 'Cold starts';
  const { cells, unit } = inOneUnit(
    'ms',
    seen.map(({ p50 }) => p50),
  );
  return `A first caller waits ${listed(seen.map(({ name }, i) => `${cells[i]} ${unit} (${name})`))} at the median`;
}

function inWords({ variant, part, spread }: Strip): string {
  return `${variant} ${part.toLowerCase()}: p50 ${measured(spread.p50)} ms, p95 ${measured(spread.p95)} ms, largest ${measured(spread.max)} ms`;
}

function draw(result: Result, strips: readonly Strip[], theme: Theme): Drawing {
  const plot: Plot = { left: LEFT, right: WIDTH - 24, top: 8, bottom: 8 + strips.length * ROW };
  const values = strips.flatMap(({ spread, starts }) => [...Object.values(spread), ...starts]);
  const x = logScale(values, [plot.left + 24, plot.right - 16]);
  const content = [
    bottomAxis(x, logTicks(x, 8), plot, 'ms', theme),
    ...strips.map((strip, i) => stripOf(strip, plot.top + (i + 0.5) * ROW, x, result, theme)),
  ];
  return { height: plot.bottom + BOTTOM_AXIS, content: content.join('') };
}

function stripOf(strip: Strip, y: number, x: Scale, result: Result, theme: Theme): Svg {
  const { spread, starts, variant, part } = strip;
  const colour = variantColour(result, variant, theme);
  const end = { 'text-anchor': 'end' };
  const line = { x1: x(spread.p50), x2: x(spread.p95), y1: y, y2: y, stroke: colour, 'stroke-width': 4 };
  const most = starts.length > 0 ? '' : element('line', { ...line, x2: x(spread.max), 'stroke-width': 1.5 });
  return element(
    'g',
    {},
    tooltip(inWords(strip)),
    label(LEFT - 12, y - 3, fitting(variant, LEFT - 20), {
      ...end,
      'font-weight': 600,
      fill: variantInk(result, variant, theme),
    }),
    label(LEFT - 12, y + 14, part, { ...end, 'font-size': SMALL, fill: theme.muted }),
    points(starts, y, x, colour),
    most,
    element('line', line),
    element('circle', {
      cx: x(spread.p50),
      cy: y,
      r: 6,
      fill: colour,
      stroke: theme.background,
      'stroke-width': 2,
    }),
    medianLabel(spread.p50, x, y, theme),
  );
}

/** All of them in one path: a dot is a line without length, with a round end. */
function points(starts: readonly number[], y: number, x: Scale, stroke: string): Svg {
  const d = starts.map((ms, i) => `M${coordinate(x(ms))} ${coordinate(y + jitter(i))}h0`).join('');
  return element('path', { d, stroke, 'stroke-width': 4, 'stroke-linecap': 'round', opacity: 0.45 });
}

/** Spread over the row evenly and without chance: multiples of the reciprocal of the plastic number. */
function jitter(i: number): number {
  return (((i * 0.7548777) % 1) - 0.5) * (ROW - 22);
}

function medianLabel(ms: number, x: Scale, y: number, theme: Theme): Svg {
  const halo = { stroke: theme.background, 'stroke-width': 4, 'paint-order': 'stroke' };
  return label(x(ms), y - 13, `${measured(ms)} ms`, { 'text-anchor': 'middle', 'font-size': SMALL, ...halo });
}
