/** The whole bill, and once more, enlarged, the part of it that a function decides. */
import type { Cost, Result } from '../../result.ts';
import { known, measured } from '../units.ts';
import { listed } from '../words.ts';
import { barLength } from './drawable.ts';
import { type Chart, type Drawing, SMALL } from './frame.ts';
import { type Entry, legend } from './legend.ts';
import { type Bar, type Part, stack } from './stack.ts';
import { label } from './svg.ts';
import { mixed, type Theme, variantColour, variantInk } from './theme.ts';

interface Row {
  readonly name: string;
  readonly bill: Cost['perMillion'];
}

/** What no function decides, the largest first. */
const FIXED = [
  ['s3', 'S3'],
  ['dynamodb', 'DynamoDB'],
  ['logs', 'logs'],
  ['requests', 'requests'],
] as const;

/** What somebody pays for, each with its own colour. */
function paidIn(rows: readonly Row[], theme: Theme) {
  const coloured = FIXED.map(([part, word], i) => ({ part, word, colour: theme.shared[i]! }));
  return coloured.filter(({ part }) => rows.some(({ bill }) => bill[part] > 0));
}

export function costChart(result: Result): Chart[] {
  const rows = result.variants.flatMap(({ name, cost }) =>
    cost === null ? [] : [{ name, bill: cost.perMillion }],
  );
  if (rows.length === 0) return [];
  return [
    {
      name: 'cost',
      title: `A million invocations cost ${listed(rows.map(({ name, bill }) => `${usd(bill.total)} (${name})`))}`,
      subtitle:
        'USD at list prices. Coloured: compute and cold starts, which the function decides. Grey: the rest.',
      alt: `Cost per million invocations. ${rows.map(inWords).join('; ')}.`,
      draw: (theme) => draw(result, rows, theme),
    },
  ];
}

function inWords({ name, bill }: Row): string {
  const fixed = FIXED.filter(([part]) => bill[part] > 0).map(([part, word]) => `${word} ${usd(bill[part])}`);
  return `${name}: compute ${usd(bill.compute)}, cold starts ${usd(bill.init)}, ${fixed.join(', ')}, in all ${usd(bill.total)}`;
}

function usd(value: number | null): string {
  return known(value) ? `${measured(value)} USD` : measured(value);
}

function draw(result: Result, rows: readonly Row[], theme: Theme): Drawing {
  const paid = paidIn(rows, theme);
  const bars = rows.map((row) => barOf(result, row, paid, theme));
  const own = bars.map((bar) => ({ ...bar, parts: bar.parts.slice(0, 2) }));
  const whole = stack(bars, usd, theme);
  const key = legend(
    paid.map(({ word, colour }): Entry => ({ name: word, colour })),
    124,
    theme,
  );
  const enlarged = stack(own, usd, theme);
  const heading = label(124, 0, 'Enlarged: compute, and paler what cold starts add', {
    'font-size': SMALL,
    fill: theme.muted,
  });
  const at = (y: number, content: string) => `<g transform="translate(0 ${y})">${content}</g>`;
  const [second, third] = [whole.height + 12, whole.height + key.height + 34];
  return {
    height: third + enlarged.height + 14,
    content:
      at(6, whole.content) + at(second, key.content) + at(third, heading) + at(third + 4, enlarged.content),
  };
}

function barOf(result: Result, { name, bill }: Row, paid: ReturnType<typeof paidIn>, theme: Theme): Bar {
  const colour = variantColour(result, name, theme);
  const fixed = paid.map(
    ({ part, word, colour }): Part => ({ name: word, value: barLength(bill[part]), colour }),
  );
  const own = [
    { name: 'compute', value: barLength(bill.compute), colour },
    { name: 'cold starts', value: barLength(bill.init), colour: mixed(colour, theme.background, 0.5) },
  ];
  return { name, ink: variantInk(result, name, theme), parts: [...own, ...fixed] };
}
