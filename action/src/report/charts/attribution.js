import { known, measured } from '../units.ts';
import { listed } from '../words.ts';
import { barLength } from './drawable.ts';
import { legend } from './legend.ts';
import { stack } from './stack.ts';
import { variantColour, variantInk } from './theme.ts';

const WAITS = [
  ['dynamodbMs', 'DynamoDB'],
  ['s3Ms', 'S3'],
  ['networkMs', 'network and gateway'],
];
export function attributionChart(result) {
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
function inWords({ name, attribution }) {
  const waits = WAITS.map(([part, word]) => `${word} ${measured(attribution[part])} ms`);
  return `${name}: own compute ${measured(attribution.ownMs)} ms, ${waits.join(', ')}`;
}
/** Processor time lies in all parts but the network's: drawn beside them, not among them. */
function cpuLine({ cpuMs }) {
  return known(cpuMs) ? { line: { value: barLength(cpuMs), text: `of it CPU ${measured(cpuMs)} ms` } } : {};
}
function draw(result, rows, theme) {
  const key = legend(
    WAITS.map(([, name], i) => ({ name, colour: theme.shared[2 - i] })),
    124,
    theme,
  );
  const bars = rows.map(({ name, attribution }) => {
    const colour = variantColour(result, name, theme);
    const waits = WAITS.map(([part, word], i) => ({
      name: word,
      value: barLength(attribution[part]),
      colour: theme.shared[2 - i],
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
