/** Where the time of a caller goes: own compute, and the waits that no language shortens. */
import type { Attribution, Result } from '../../result.ts';
import { known, measured } from '../units.ts';
import { listed } from '../words.ts';
import { barLength } from './drawable.ts';
import type { Chart, Drawing } from './frame.ts';
import { type Entry, legend } from './legend.ts';
import { type Bar, stack } from './stack.ts';
import { type Theme, variantColour, variantInk } from './theme.ts';

interface Row {
  readonly name: string;
  readonly attribution: Attribution;
}

const WAITS = [
  ['dynamodbMs', 'DynamoDB'],
  ['s3Ms', 'S3'],
  ['networkMs', 'network and gateway'],
] as const;

export function attributionChart(result: Result): Chart[] {
  const rows = result.variants.flatMap(({ name, attribution }) =>
    attribution === null ? [] : [{ name, attribution }],
  );
  if (rows.length === 0) return [];
  return [
    {
      name: 'time',
      title: `A caller waits ${listed(rows.map(({ name, attribution }) => `${measured(attribution.clientMs)} ms (${name})`))}`,
      subtitle:
        'Mean of warm requests, ms. Coloured: own compute. Grey: calls to S3 and DynamoDB, with what their SDK computes, and the way there and back.',
      alt: `Where the time goes. ${rows.map(inWords).join('; ')}.`,
      draw: (theme) => draw(result, rows, theme),
    },
  ];
}

function inWords({ name, attribution }: Row): string {
  const waits = WAITS.map(([part, word]) => `${word} ${measured(attribution[part])} ms`);
  return `${name}: own compute ${measured(attribution.ownMs)} ms, ${waits.join(', ')}`;
}

/** Processor time lies in all parts but the network's: drawn beside them, not among them. */
function cpuLine({ cpuMs }: Attribution): Pick<Bar, 'line'> {
  return known(cpuMs) ? { line: { value: barLength(cpuMs), text: `CPU ${measured(cpuMs)} ms` } } : {};
}

function draw(result: Result, rows: readonly Row[], theme: Theme): Drawing {
  const key = legend(
    WAITS.map(([, name], i): Entry => ({ name, colour: theme.shared[2 - i]! })),
    124,
    theme,
  );
  const bars = rows.map(({ name, attribution }) => {
    const colour = variantColour(result, name, theme);
    const waits = WAITS.map(([part, word], i) => ({
      name: word,
      value: barLength(attribution[part]),
      colour: theme.shared[2 - i]!,
    }));
    return {
      name,
      ink: variantInk(result, name, theme),
      ...cpuLine(attribution),
      parts: [{ name: 'own compute', value: barLength(attribution.ownMs), colour }, ...waits],
    };
  });
  const { height, content } = stack(bars, (ms) => `${measured(ms)} ms`, theme);
  return {
    height: height + key.height + 18,
    content: `<g transform="translate(0 6)">${content}</g><g transform="translate(0 ${height + 12})">${key.content}</g>`,
  };
}
