/** The run minute by minute, for runs long enough that something may have crept in. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Result, VariantResult } from '../../result.ts';
import { change } from '../change.ts';
import { extentOf } from '../extent.ts';
import { count, known, measured, plural } from '../units.ts';
import { latencyWord, listed } from '../words.ts';
import {
  BOTTOM_AXIS,
  bottomAxis,
  evenTicks,
  leftAxis,
  linearScale,
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

type Minute = VariantResult['perMinute'][number];

/** Shorter runs have their blocks; minutes would only repeat them. */
const LONGER_THAN_SECONDS = 600;
const LATENCY = 190;
const SMALL_PANEL = 64;
const GAP = 30;
const LEFT = 70;

export function hasMinutes({ design, variants }: Result): boolean {
  return design.loadSeconds > LONGER_THAN_SECONDS && variants.some(({ perMinute }) => perMinute.length > 1);
}

export function minutesChart(result: Result): Chart[] {
  const variants = result.variants.filter(({ perMinute }) => perMinute.length > 1);
  if (!hasMinutes(result)) return [];
  return [
    {
      name: 'minutes',
      title: `${latencyWord(result)} p50 ${coursesOf(variants)}`,
      subtitle: `Per minute. Thick: ${latencyWord(result)} p50; thin: p95 and p99. Dashed: drift, or a change of level.`,
      alt: `The run minute by minute. ${variants.map(inWords).join('; ')}.`,
      draw: (theme) => draw({ result, variants, theme }),
    },
  ];
}

/** What happened, and to whom: variants of the same course are told of together. */
function coursesOf(variants: readonly VariantResult[]): string {
  if (variants.every(({ soak }) => soak === null)) return 'minute by minute, too few minutes to tell a drift';
  const courses = [...new Set(variants.map(courseOf))];
  const those = (course: string) =>
    variants.filter((variant) => courseOf(variant) === course).map(({ name }) => name);
  return listed(courses.map((course) => `of ${listed(those(course))} ${course}`));
}

function courseOf({ soak, perMinute }: VariantResult): string {
  if (soak === null) return `is told for ${plural(perMinute.length, 'minute')}`;
  if (soak.course === 'steady') return 'showed no drift';
  if (soak.course === 'drift') return `drifted ${measured(soak.trend.percentPerHour)} % an hour`;
  return `changed its level ${soak.steps.length === 1 ? 'once' : `${count(soak.steps.length)} times`}`;
}

function inWords(variant: VariantResult): string {
  const p50 = variant.perMinute.map((minute) => minute.p50).filter(known);
  const errors = variant.perMinute.reduce((sum, minute) => sum + minute.errors, 0);
  const [least, most] = extentOf(p50);
  const range = p50.length === 0 ? 'no p50' : `p50 ${measured(least)} to ${measured(most)} ms`;
  return `${variant.name} ${courseOf(variant)}, ${range}, ${plural(errors, 'error')}`;
}

interface Course {
  readonly result: Result;
  readonly variants: readonly VariantResult[];
  readonly theme: Theme;
}

function draw(course: Course): Drawing {
  const { result, variants, theme } = course;
  const colours = variants.map(({ name }) => ({ name, colour: variantColour(result, name, theme) }));
  const key = legend(colours, LEFT, theme);
  const minutes = variants.flatMap(({ perMinute }) => perMinute.map(({ minute }) => minute));
  const x = scaleLinear(extentOf(minutes), [LEFT + 6, WIDTH - 16]);
  const panels = [latency, errors, memory];
  let top = key.height + 22;
  const content = panels.map((panel) => {
    const { height, content: drawn } = panel(course, x, top);
    top += height + GAP;
    return drawn;
  });
  const whole = { left: LEFT, right: WIDTH - 16, top: key.height + 22, bottom: top - GAP };
  const axis = bottomAxis(x, evenTicks(x, 8), whole, 'Minute of the run', theme);
  return { height: whole.bottom + BOTTOM_AXIS, content: [key.content, axis, ...content].join('') };
}

function panelName(text: string, top: number, theme: Theme): Svg {
  return label(LEFT, top - 7, text, { 'font-size': SMALL, fill: theme.muted });
}

function latency({ result, variants, theme }: Course, x: Scale, top: number): Drawing {
  const plot: Plot = { left: LEFT, right: WIDTH - 16, top, bottom: top + LATENCY };
  const values = variants.flatMap(({ perMinute }) =>
    perMinute.flatMap(({ p50, p95, p99 }) => [p50, p95, p99]),
  );
  const y = logScale(values.filter(drawable), [plot.bottom, plot.top]);
  const lines = variants.flatMap((variant) => {
    const colour = variantColour(result, variant.name, theme);
    const thin = { stroke: colour, 'stroke-width': 1, opacity: 0.7 };
    return [
      course(variant.perMinute, ({ p99 }) => p99, x, y, thin),
      course(variant.perMinute, ({ p95 }) => p95, x, y, thin),
      course(
        variant.perMinute,
        ({ p50 }) => p50,
        x,
        y,
        { stroke: colour, 'stroke-width': 2.5 },
        `${variant.name} p50`,
      ),
      ...findings(variant, x, y, plot, colour),
    ];
  });
  return {
    height: LATENCY,
    content: [
      panelName(`${latencyWord(result)}, ms, logarithmic`, top, theme),
      leftAxis(y, logTicks(y, 6), plot, theme),
      ...lines,
    ].join(''),
  };
}

/** A line with a gap where a minute has no value. */
function course(
  minutes: readonly Minute[],
  value: (minute: Minute) => number | null,
  x: Scale,
  y: Scale,
  stroke: Readonly<Record<string, string | number>>,
  says = '',
): Svg {
  const path = line<Minute>()
    .defined((minute) => drawable(value(minute)))
    .x(({ minute }) => x(minute))
    .y((minute) => y(value(minute) ?? 0))
    .digits(1);
  const d = path([...minutes]) ?? '';
  return element('path', { d, fill: 'none', ...stroke }, ...(says === '' ? [] : [tooltip(says)]));
}

function findings(
  { soak, perMinute, name }: VariantResult,
  x: Scale,
  y: Scale,
  plot: Plot,
  stroke: string,
): Svg[] {
  const dashed = { stroke, 'stroke-width': 2, 'stroke-dasharray': '5 4' };
  if (soak?.course === 'drift') return [drift(soak.trend.percentPerHour, perMinute, x, y, dashed)];
  if (soak?.course !== 'steps') return [];
  return soak.steps
    .filter(({ minute }) => inside(minute, x))
    .map(({ minute, shift }) => {
      const at = x(minute);
      const says = `${name}: p50 ${change(shift).estimate} from minute ${count(minute)}`;
      return element('line', { x1: at, x2: at, y1: plot.top, y2: plot.bottom, ...dashed }, tooltip(says));
    });
}

function inside(minute: number, x: Scale): boolean {
  const [from = 0, to = 0] = x.domain();
  return minute >= from && minute <= to;
}

/** The Theil-Sen slope through the median minute. */
function drift(
  percentPerHour: number,
  minutes: readonly Minute[],
  x: Scale,
  y: Scale,
  dashed: Readonly<Record<string, string | number>>,
): Svg {
  const p50 = minutes
    .map((minute) => minute.p50)
    .filter(drawable)
    .sort((a, b) => a - b);
  const middle = p50[Math.floor(p50.length / 2)];
  if (middle === undefined || percentPerHour <= -100) return '';
  const [from = 0, to = 0] = x.domain();
  const half = (Math.log1p(percentPerHour / 100) * (to - from)) / 120;
  const [before, after] = [-half, half].map((log) => middle * Math.exp(log));
  if (!drawable(before) || !drawable(after)) return '';
  return element('line', { x1: x(from), y1: y(before), x2: x(to), y2: y(after), ...dashed });
}

function errors({ result, variants, theme }: Course, x: Scale, top: number): Drawing {
  const failed = variants.flatMap(({ name, perMinute }) =>
    perMinute.filter((minute) => minute.errors > 0).map((minute) => ({ name, ...minute })),
  );
  if (failed.length === 0) return { height: 4, content: panelName('Errors: none', top, theme) };
  const plot: Plot = { left: LEFT, right: WIDTH - 16, top, bottom: top + SMALL_PANEL };
  const y = linearScale(
    failed.map((minute) => minute.errors),
    [plot.bottom, plot.top],
  );
  const stems = failed.map(({ name, minute, errors: many }) => {
    const stroke = variantColour(result, name, theme);
    const stem = { x1: x(minute), x2: x(minute), y1: y(0), y2: y(many), stroke, 'stroke-width': 4 };
    return element('line', stem, tooltip(`${name}, minute ${count(minute)}: ${plural(many, 'error')}`));
  });
  const axis = leftAxis(y, evenTicks(y, 3), plot, theme);
  return { height: SMALL_PANEL, content: panelName('Errors', top, theme) + axis + stems.join('') };
}

function memory({ result, variants, theme }: Course, x: Scale, top: number): Drawing {
  const values = variants
    .flatMap(({ perMinute }) => perMinute.map((minute) => minute.maxMemoryMb))
    .filter(drawable);
  if (values.length === 0) return { height: 4, content: panelName('Memory: not told', top, theme) };
  const plot: Plot = { left: LEFT, right: WIDTH - 16, top, bottom: top + SMALL_PANEL };
  const y = linearScale(values, [plot.bottom, plot.top]);
  const lines = variants.map(({ name, perMinute }) => {
    const stroke = { stroke: variantColour(result, name, theme), 'stroke-width': 2 };
    return course(perMinute, ({ maxMemoryMb }) => maxMemoryMb, x, y, stroke, `${name}: memory`);
  });
  const axis = leftAxis(y, evenTicks(y, 3), plot, theme);
  return {
    height: SMALL_PANEL,
    content: panelName('Max Memory Used, MB', top, theme) + axis + lines.join(''),
  };
}
