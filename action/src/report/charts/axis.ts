/** Ticks a person would choose, and the lines and labels they get. */
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { extentOf } from '../extent.ts';
import { given } from '../units.ts';
import { SMALL, widthOf } from './frame.ts';
import { element, label, type Svg } from './svg.ts';
import type { Theme } from './theme.ts';

export type Scale = ScaleContinuousNumeric<number, number>;

export interface Tick {
  /** In units of the scale's domain. */
  readonly at: number;
  readonly text: string;
}

/** A logarithmic scale around positive values, with a little air on both sides. */
export function logScale(values: readonly number[], range: readonly [number, number]): Scale {
  const positive = values.filter((value) => value > 0);
  const [least, most] = extentOf(positive);
  if (positive.length === 0) return scaleLog([1, 10], range);
  const air = Math.max(1.08, (most / least) ** 0.04);
  return scaleLog([Math.max(least / air, 1e-300), Math.min(most * air, 1e300)], range);
}

/** From 0 up to the largest value. */
export function linearScale(values: readonly number[], range: readonly [number, number]): Scale {
  return scaleLinear([0, extentOf([0, ...values])[1] || 1], range);
}

const STEPS = [[1, 2, 5], [1, 3], [1]] as const;

/** 1-2-5 ticks of a log scale, at most `most`; where those are fewer than three, even ones. */
export function logTicks(scale: Scale, most: number): Tick[] {
  const [from, to] = extentOf(scale.domain());
  for (const steps of STEPS) {
    const ticks = decades(from, to).flatMap((decade) => steps.map((step) => step * 10 ** decade));
    const inside = ticks.filter((tick) => tick >= from && tick <= to);
    if (steps.length === 3 && inside.length < 3) return evenTicks(scaleLinear([from, to], [0, 1]), most - 2);
    if (inside.length <= most) return inside.map(tickAt);
  }
  return decades(from, to)
    .filter((_, i, all) => i % Math.ceil(all.length / most) === 0)
    .map((decade) => tickAt(10 ** decade))
    .filter(({ at }) => at >= from && at <= to);
}

function decades(from: number, to: number): number[] {
  const first = Math.floor(Math.log10(from));
  return Array.from({ length: Math.ceil(Math.log10(to)) - first + 1 }, (_, i) => first + i);
}

export function evenTicks(scale: Scale, most: number): Tick[] {
  return scale.ticks(Math.max(2, most)).map(tickAt);
}

function tickAt(at: number): Tick {
  return { at, text: given(at) };
}

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Vertical lines through the plot, their labels below it, and what the axis measures below those. */
export function bottomAxis(
  scale: Scale,
  ticks: readonly Tick[],
  plot: Plot,
  name: string,
  theme: Theme,
): Svg {
  const lines = ticks.map(({ at }) => vertical(scale(at), plot, theme));
  const labels = withoutOverlap(scale, ticks).map(({ at, text }) =>
    label(scale(at), plot.bottom + 18, text, {
      'text-anchor': 'middle',
      'font-size': SMALL,
      fill: theme.muted,
    }),
  );
  return [...lines, ...labels, axisName(plot, name, theme)].join('');
}

export function vertical(x: number, { top, bottom }: Plot, theme: Theme, stroke = theme.grid): Svg {
  return element('line', { x1: x, x2: x, y1: top, y2: bottom, stroke });
}

function withoutOverlap(scale: Scale, ticks: readonly Tick[]): Tick[] {
  let free = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ at, text }) => {
    const half = widthOf(text, SMALL) / 2;
    if (scale(at) - half < free) return false;
    free = scale(at) + half + 8;
    return true;
  });
}

function axisName({ left, right, bottom }: Plot, name: string, theme: Theme): Svg {
  const attributes = { 'text-anchor': 'middle', 'font-size': SMALL, fill: theme.muted };
  return label((left + right) / 2, bottom + 38, name, attributes);
}

/** Pixels that a bottom axis needs below the plot. */
export const BOTTOM_AXIS = 48;

/** Horizontal lines through the plot and their labels left of it. */
export function leftAxis(scale: Scale, ticks: readonly Tick[], { left, right }: Plot, theme: Theme): Svg {
  return ticks
    .map(({ at, text }) => {
      const y = scale(at);
      const attributes = { 'text-anchor': 'end', 'font-size': SMALL, fill: theme.muted };
      return (
        element('line', { x1: left, x2: right, y1: y, y2: y, stroke: theme.grid }) +
        label(left - 6, y + 4.5, text, attributes)
      );
    })
    .join('');
}
