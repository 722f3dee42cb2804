/** What every chart has around it: size, background, the finding as its title, and what is drawn in a line below. */
import { plain } from '../escape.ts';
import { cut, wrap } from '../wrap.ts';
import { element, label, type Svg } from './svg.ts';
import type { Theme } from './theme.ts';

/** Pixels. Text is 15 px high, so that a telephone that shows the picture 400 wide still shows it 10 high. */
export const WIDTH = 600;
export const TEXT = 15;
export const SMALL = 13;
const TITLE = 17;
const MARGIN = 12;

export interface Drawing {
  /** Pixels below the heading. */
  readonly height: number;
  readonly content: Svg;
}

/** One picture of a report: pure, and drawn once for each theme. */
export interface Chart {
  /** File name without its ending: `forest-1`. */
  readonly name: string;
  /** The finding, in a sentence. */
  readonly title: string;
  /** What is drawn, and in which units. */
  readonly subtitle: string;
  /** What the picture says, for who does not see it. */
  readonly alt: string;
  readonly draw: (theme: Theme) => Drawing;
}

/** The whole SVG document of a chart in a theme. */
export function renderChart(chart: Chart, theme: Theme): Svg {
  const heading = headingOf(chart, theme);
  const { height, content } = chart.draw(theme);
  const whole = heading.height + height;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${Math.ceil(whole)}`,
      width: WIDTH,
      height: Math.ceil(whole),
      role: 'img',
      'aria-label': plain(chart.alt),
      'font-family': '-apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif',
      'font-size': TEXT,
      fill: theme.ink,
    },
    element('rect', { width: WIDTH, height: Math.ceil(whole), fill: theme.background, rx: 6 }),
    heading.content,
    element('g', { transform: `translate(0 ${heading.height})` }, content),
  )}\n`;
}

function headingOf({ title, subtitle }: Chart, theme: Theme): Drawing {
  const lines = linesOf(plain(title), TITLE, 3);
  const remarks = linesOf(plain(subtitle), SMALL, 2);
  const titles = lines.map((line, i) =>
    label(MARGIN, MARGIN + 16 + i * 22, line, { 'font-size': TITLE, 'font-weight': 600 }),
  );
  const below = MARGIN + 16 + lines.length * 22;
  const subtitles = remarks.map((line, i) =>
    label(MARGIN, below + i * 18, line, { 'font-size': SMALL, fill: theme.muted }),
  );
  return { height: below + remarks.length * 18, content: [...titles, ...subtitles].join('') };
}

/** Letters are half as wide as they are high, more or less, and bold ones wider: no font is at hand to measure them. */
const letterOf = (size: number) => size * (size >= TITLE ? 0.52 : 0.47);

function linesOf(text: string, size: number, most: number, width = WIDTH - 2 * MARGIN): string[] {
  const lines = wrap(text, columnsIn(width, size));
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(`${lines[most - 1]} …`, columnsIn(width, size))];
}

/** As much of a text as fits a width in pixels. */
export function fitting(text: string, width: number, size = TEXT): string {
  return cut(text, columnsIn(width, size));
}

export function widthOf(text: string, size = TEXT): number {
  return [...text].length * letterOf(size);
}

function columnsIn(width: number, size: number): number {
  return Math.max(4, Math.floor(width / letterOf(size)));
}

/** Where a report finds a picture. */
export function pathOf(chart: Pick<Chart, 'name'>, theme: Pick<Theme, 'name'>): string {
  return `charts/${chart.name}.${theme.name}.svg`;
}
