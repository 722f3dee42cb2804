/** Bars that add parts up: what a variant decides begins at zero in its colour, what it shares with all follows in grey. */
import { linearScale, type Scale } from './axis.ts';
import { type Drawing, fitting, SMALL, TEXT, WIDTH, widthOf } from './frame.ts';
import { element, label, type Svg, tooltip } from './svg.ts';
import { inkOn, type Theme } from './theme.ts';

export interface Part {
  readonly name: string;
  readonly value: number;
  readonly colour: string;
}

export interface Bar {
  readonly name: string;
  /** Of its name. */
  readonly ink: string;
  readonly parts: readonly Part[];
  /** Another length on the same scale, drawn as a line below the bar. */
  readonly line?: { readonly value: number; readonly text: string };
}

const ROW = 44;
const BAR = 28;
const LEFT = 124;
const TOTAL = 92;

/** `say` writes a value with its unit. */
export function stack(bars: readonly Bar[], say: (value: number) => string, theme: Theme): Drawing {
  const totals = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const scale = linearScale(totals, [0, WIDTH - LEFT - TOTAL]);
  const row = bars.some(({ line }) => line !== undefined) ? ROW + 12 : ROW;
  const rows = bars.map((bar, i) => {
    const y = i * row + (ROW - BAR) / 2;
    return [
      label(LEFT - 10, y + 19, fitting(bar.name, LEFT - 16), {
        'text-anchor': 'end',
        'font-weight': 600,
        fill: bar.ink,
      }),
      ...segments(bar, y, scale, say, theme),
      label(LEFT + scale(totals[i]!) + 8, y + 19, say(totals[i]!), { 'font-weight': 600 }),
      bar.line === undefined ? '' : lineBelow(bar.line, y + BAR + 8, scale, theme),
    ].join('');
  });
  return { height: bars.length * row, content: rows.join('') };
}

function segments(bar: Bar, y: number, scale: Scale, say: (value: number) => string, theme: Theme): Svg[] {
  let before = 0;
  return bar.parts.map(({ name, value, colour }) => {
    const [x, width] = [LEFT + scale(before), scale(value)];
    before += value;
    const box = { x, y, width, height: BAR, fill: colour, stroke: theme.background, 'stroke-width': 1 };
    const says = tooltip(`${bar.name}, ${name}: ${say(value)}`);
    return element('rect', box, says) + inside(x + width / 2, y + 19, width, say(value), colour);
  });
}

function lineBelow({ value, text }: NonNullable<Bar['line']>, y: number, scale: Scale, theme: Theme): Svg {
  const end = LEFT + Math.min(scale(value), WIDTH - LEFT - TOTAL);
  const line = { x1: LEFT, x2: end, y1: y, y2: y, stroke: theme.ink, 'stroke-width': 2 };
  return element('line', line) + label(end + 6, y + 5, text, { 'font-size': SMALL, fill: theme.muted });
}

/** The value, where the segment is wide enough for it. */
function inside(x: number, y: number, width: number, text: string, colour: string): Svg {
  if (widthOf(text, TEXT) > width) return '';
  return label(x, y, text, { 'text-anchor': 'middle', 'font-size': SMALL, fill: inkOn(colour) });
}
