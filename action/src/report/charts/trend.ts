/** How each variant's Duration, cold start and bill moved from run to run. */
import { scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import { changePoints } from '../../compare/soak/change-points.ts';
import type { Result } from '../../result.ts';
import { known, measured, plural, shortHash } from '../units.ts';
import { describe, listed, shortLabel, summaryOf, variantOf } from '../words.ts';
import { leftAxis, logScale, logTicks, type Plot, type Scale } from './axis.ts';
import { drawable } from './drawable.ts';
import { type Chart, type Drawing, SMALL, WIDTH, widthOf } from './frame.ts';
import { legend } from './legend.ts';
import { element, label, type Svg, tooltip } from './svg.ts';
import { type Theme, variantColour } from './theme.ts';

/** What a trend shows, in this order. */
export const TREND_METRICS = ['duration.p50', 'cold.total', 'cost.total'] as const;
type TrendMetric = (typeof TREND_METRICS)[number];

interface Point {
  readonly run: number;
  readonly value: number;
  /** Approximate 95 % interval of the value; null where the run had one slot. */
  readonly lo: number | null;
  readonly hi: number | null;
}

interface Course {
  readonly variant: string;
  readonly metric: TrendMetric;
  readonly points: readonly Point[];
  /** Places in `points` at which a new level begins. */
  readonly steps: readonly number[];
}

const PANEL = 100;
const GAP = 34;
const LEFT = 76;
const RIGHT = WIDTH - 16;

/**
 * @param runs comparable ones (one place, one memory size), oldest first
 * @param place counts the charts of a page, from 1
 */
export function trendChart(runs: readonly Result[], place: number): Chart[] {
  const names = [...new Set(runs.flatMap(({ variants }) => variants.map(({ name }) => name)))];
  const courses = names.flatMap((variant) => TREND_METRICS.map((metric) => courseOf(runs, variant, metric)));
  const shown = courses.filter(({ points }) => points.length > 1);
  if (shown.length === 0) return [];
  return [
    {
      name: `trend-${place}`,
      title: titleOf(shown, runs),
      subtitle: 'By run, the oldest left, logarithmic. Whiskers: 95 % interval. Dashed: the level changed.',
      alt: `Trend over ${plural(runs.length, 'run')}. ${shown.map(inWords).join('; ')}.`,
      draw: (theme) => draw(shown, runs, names, theme),
    },
  ];
}

function courseOf(runs: readonly Result[], variant: string, metric: TrendMetric): Course {
  const points = runs.flatMap((result, run) => pointOf(result, run, variant, metric));
  const steps = changePoints(points.map(({ value }) => Math.log(value)));
  return { variant, metric, points, steps: steps.map(({ index }) => index) };
}

function pointOf(result: Result, run: number, variant: string, metric: TrendMetric): Point[] {
  const summary = summaryOf(variantOf(result, variant), metric);
  const value = summary?.slotMedian ?? summary?.value;
  if (!drawable(value) || (metric === 'cold.total' && summary?.slots === 1)) return [];
  const half = summary?.slotMedian === null ? null : notch(summary?.slotSpread, summary?.slots);
  const ends = half === null ? [null, null] : [value - half, value + half];
  return [{ run, value, lo: positive(ends[0]), hi: positive(ends[1]) }];
}

const positive = (value: number | null | undefined) => (drawable(value) ? value : null);

/** Half an interval of about 95 % of a median: 1.57 IQR / sqrt(n) (McGill, Tukey & Larsen 1978, Am. Stat. 32, 12-16). */
function notch(spread: number | null | undefined, slots: number | undefined): number | null {
  return known(spread) && known(slots) && slots > 1 ? (1.57 * spread) / Math.sqrt(slots) : null;
}

function titleOf(courses: readonly Course[], runs: readonly Result[]): string {
  const p50 = courses.filter(({ metric }) => metric === 'duration.p50');
  const newest = p50.map(({ variant, points }) => `${measured(points.at(-1)?.value)} ms (${variant})`);
  const moved = courses.filter(({ steps }) => steps.length > 0);
  const changes = moved.map(({ variant, metric, points, steps }) => {
    const commit = runs[points[steps.at(-1) ?? 0]?.run ?? 0]?.provenance.commit ?? null;
    return `${shortLabel(metric)} of ${variant} at ${shortHash(commit)}`;
  });
  const level =
    moved.length === 0
      ? `no change of level in ${plural(runs.length, 'run')}`
      : `changed: ${listed(changes)}`;
  return `${newest.length === 0 ? '' : `Newest Duration p50: ${listed(newest)}; `}${level}`;
}

function inWords({ variant, metric, points }: Course): string {
  const unit = describe(metric).unit;
  const [first, last] = [points[0], points.at(-1)].map((point) => `${measured(point?.value)} ${unit}`);
  return `${variant} ${describe(metric).label}: from ${first} to ${last}`;
}

function draw(
  courses: readonly Course[],
  runs: readonly Result[],
  names: readonly string[],
  theme: Theme,
): Drawing {
  const variants = { variants: names.map((name) => ({ name })) };
  const colourOf = (name: string) => variantColour(variants, name, theme);
  const drawn = names.filter((name) => courses.some(({ variant }) => variant === name));
  const key = legend(
    drawn.map((name) => ({ name, colour: colourOf(name) })),
    LEFT,
    theme,
  );
  const places = scalePoint(runs.keys(), [LEFT + 12, RIGHT - 12]);
  const x = (run: number) => places(run) ?? LEFT;
  const metrics = TREND_METRICS.filter((metric) => courses.some((course) => course.metric === metric));
  const panels = metrics.map((metric, i) => {
    const top = key.height + 22 + i * (PANEL + GAP);
    const plot: Plot = { left: LEFT, right: RIGHT, top, bottom: top + PANEL };
    return panel(
      courses.filter((course) => course.metric === metric),
      metric,
      x,
      plot,
      colourOf,
      theme,
    );
  });
  const bottom = key.height + 22 + metrics.length * (PANEL + GAP) - GAP;
  const commits = commitLabels(runs, x, bottom, theme);
  return { height: bottom + 48, content: [key.content, ...panels, ...commits].join('') };
}

type Place = (run: number) => number;

function panel(
  courses: readonly Course[],
  metric: TrendMetric,
  x: Place,
  plot: Plot,
  colourOf: (name: string) => string,
  theme: Theme,
): Svg {
  const { label: name, unit } = describe(metric);
  const values = courses.flatMap(({ points }) => points.flatMap(({ value, lo, hi }) => [value, lo, hi]));
  const y = logScale(values.filter(drawable), [plot.bottom, plot.top]);
  return [
    label(LEFT, plot.top - 7, `${name}, ${unit}`, { 'font-size': SMALL, fill: theme.muted }),
    leftAxis(y, logTicks(y, 5), plot, theme),
    ...courses.map((course) => drawCourse(course, x, y, plot, colourOf(course.variant))),
  ].join('');
}

function drawCourse(
  { variant, metric, points, steps }: Course,
  x: Place,
  y: Scale,
  plot: Plot,
  stroke: string,
): Svg {
  const path = line<Point>()
    .x(({ run }) => x(run))
    .y(({ value }) => y(value))
    .digits(1);
  const unit = describe(metric).unit;
  return [
    element('path', { d: path([...points]) ?? '', fill: 'none', stroke, 'stroke-width': 1.5 }),
    ...points.map(({ run, value, lo, hi }) => {
      const whisker = {
        x1: x(run),
        x2: x(run),
        y1: y(lo ?? value),
        y2: y(hi ?? value),
        stroke,
        'stroke-width': 1.5,
      };
      const dot = { cx: x(run), cy: y(value), r: 3.5, fill: stroke };
      const says = tooltip(`${variant}: ${measured(value)} ${unit}`);
      return element('line', whisker) + element('circle', dot, says);
    }),
    ...steps.map((at) => {
      const between = (x(points[at]!.run) + x(points[at - 1]!.run)) / 2;
      const dashed = { stroke, 'stroke-width': 2, 'stroke-dasharray': '5 4' };
      return element('line', { x1: between, x2: between, y1: plot.top, y2: plot.bottom, ...dashed });
    }),
  ].join('');
}

/** Seven digits of a commit, for as many runs as have room; the newest always. */
function commitLabels(runs: readonly Result[], x: Place, bottom: number, theme: Theme): Svg[] {
  const attributes = { 'text-anchor': 'middle', 'font-size': SMALL, fill: theme.muted };
  const room = widthOf('0123456', SMALL) + 14;
  let next = Number.POSITIVE_INFINITY;
  const shown = [...runs.keys()].reverse().filter((run) => {
    if (x(run) > next - room) return false;
    next = x(run);
    return true;
  });
  const inside = (run: number) => Math.min(x(run), WIDTH - 36);
  const name = label((LEFT + RIGHT) / 2, bottom + 38, 'Commit, oldest run first', attributes);
  return [
    ...shown.map((run) =>
      label(inside(run), bottom + 18, shortHash(runs[run]!.provenance.commit).slice(0, 7), attributes),
    ),
    name,
  ];
}
