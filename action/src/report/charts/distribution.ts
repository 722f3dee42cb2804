/** How Duration is distributed: for every share of the invocations, the time within which they were done. */
import { scaleLinear } from 'd3-scale';
import { curveMonotoneY, line } from 'd3-shape';
import type { Result, VariantResult } from '../../result.ts';
import { extentOf } from '../extent.ts';
import { inOneUnit, measured } from '../units.ts';
import { listed, summaryOf } from '../words.ts';
import { BOTTOM_AXIS, bottomAxis, leftAxis, logScale, logTicks, type Plot, type Scale } from './axis.ts';
import { drawable } from './drawable.ts';
import { type Chart, type Drawing, SMALL, WIDTH } from './frame.ts';
import { legend } from './legend.ts';
import { element, label, type Svg, tooltip } from './svg.ts';
import { type Theme, variantColour } from './theme.ts';

interface Point {
  readonly share: number;
  readonly ms: number;
}
interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
}

const MARKED = [0.5, 0.95, 0.99] as const;
const SHOWN = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const;
const HEIGHT = 280;

export function distributionChart(result: Result): Chart[] {
  const curves = result.variants
    .map((variant) => ({ name: variant.name, points: pointsOf(variant) }))
    .filter(({ points }) => points.length > 1);
  if (curves.length === 0) return [];
  return [
    {
      name: 'distribution',
      title: titleOf(curves),
      subtitle:
        'Duration of warm invocations, ms, logarithmic. Upwards: the share of them that took no longer; the slow ones are drawn apart.',
      alt: `Quantiles of Duration. ${curves.map(inWords).join('; ')}.`,
      draw: (theme) => draw(result, curves, theme),
    },
  ];
}

/** The stored quantiles; of an older result the four its tables show. */
function pointsOf(variant: VariantResult): Point[] {
  const stored = variant.durationQuantiles ?? [
    ...[50, 90, 95, 99].map((p) => ({
      share: p / 100,
      ms: summaryOf(variant, `duration.p${p}`)?.value ?? 0,
    })),
  ];
  return stored.filter(({ share, ms }) => share > 0 && share <= LARGEST_SHARE && drawable(ms));
}

/** The very largest is one invocation: it is in no chart that hopes to be stable. */
const LARGEST_SHARE = 0.999;

function at({ points }: Curve, share: number): number | null {
  return points.find((point) => point.share === share)?.ms ?? null;
}

function titleOf(curves: readonly Curve[]): string {
  const sorted = [...curves].sort((a, b) => (at(a, 0.5) ?? 0) - (at(b, 0.5) ?? 0));
  const { cells, unit } = inOneUnit(
    'ms',
    sorted.map((curve) => at(curve, 0.5)),
  );
  return `Half of all invocations took at most ${listed(sorted.map(({ name }, i) => `${cells[i]} ${unit} (${name})`))}`;
}

function inWords(curve: Curve): string {
  return `${curve.name}: ${MARKED.map((share) => `p${share * 100} ${measured(at(curve, share))} ms`).join(', ')}`;
}

function draw(result: Result, curves: readonly Curve[], theme: Theme): Drawing {
  const key = legend(
    curves.map(({ name }) => ({ name, colour: variantColour(result, name, theme) })),
    12,
    theme,
  );
  const plot: Plot = { left: 60, right: WIDTH - 12, top: key.height + 8, bottom: key.height + 8 + HEIGHT };
  const x = logScale(
    curves.flatMap(({ points }) => points.map(({ ms }) => ms)),
    [plot.left + 60, plot.right - 68],
  );
  const shares = curves.flatMap(({ points }) => points.map(({ share }) => share));
  const [least, most] = extentOf(shares);
  const y = shareScale(least, most, plot);
  const ticks = SHOWN.filter((share) => share >= least && share <= most);
  const content = [
    key.content,
    leftAxis(
      y,
      ticks.map((share) => ({ at: logit(share), text: `p${Number((share * 100).toFixed(1))}` })),
      plot,
      theme,
    ),
    bottomAxis(x, logTicks(x, 9), plot, 'Duration, ms', theme),
    ...curves.map((curve) => curveOf(curve, x, y, variantColour(result, curve.name, theme))),
    ...values(curves, x, y, result, theme),
  ];
  return { height: plot.bottom + BOTTOM_AXIS, content: content.join('') };
}

/** The logistic scale gives 99 % to 99.9 % as much room as 90 % to 99 %, so that tails can be read. */
function logit(share: number): number {
  return Math.log(share / (1 - share));
}

function shareScale(least: number, most: number, { top, bottom }: Plot): Scale {
  return scaleLinear([logit(least), logit(most)], [bottom - 20, top + 8]);
}

function curveOf({ name, points }: Curve, x: Scale, y: Scale, colour: string): Svg {
  const path = line<Point>()
    .x(({ ms }) => x(ms))
    .y(({ share }) => y(logit(share)))
    .curve(curveMonotoneY)
    .digits(1);
  const stroke = { fill: 'none', stroke: colour, 'stroke-width': 2.5 };
  return element('path', { d: path([...points]) ?? '', ...stroke }, tooltip(name));
}

/** Marks at p50, p95 and p99; the outermost two of each say their value, on their free side. */
function values(curves: readonly Curve[], x: Scale, y: Scale, result: Result, theme: Theme): Svg[] {
  return MARKED.flatMap((share) => {
    const marks = curves
      .map((curve) => ({ name: curve.name, ms: at(curve, share) }))
      .filter((mark): mark is { name: string; ms: number } => mark.ms !== null)
      .sort((a, b) => a.ms - b.ms);
    return marks.map(({ name, ms }, i) => {
      const [cx, cy] = [x(ms), y(logit(share))];
      const colour = variantColour(result, name, theme);
      const says = `${name}: p${share * 100} ${measured(ms)} ms`;
      const dot = element(
        'circle',
        { cx, cy, r: 5, fill: colour, stroke: theme.background, 'stroke-width': 1.5 },
        tooltip(says),
      );
      const side = i === marks.length - 1 ? 'start' : i === 0 ? 'end' : null;
      return side === null ? dot : dot + valueAt(cx, cy, `${measured(ms)} ms`, side, theme);
    });
  });
}

function valueAt(x: number, y: number, text: string, side: 'start' | 'end', theme: Theme): Svg {
  const halo = { stroke: theme.background, 'stroke-width': 4, 'paint-order': 'stroke' };
  return label(x + (side === 'start' ? 10 : -10), y + (side === 'start' ? 14 : -6), text, {
    'text-anchor': side,
    'font-size': SMALL,
    ...halo,
  });
}
