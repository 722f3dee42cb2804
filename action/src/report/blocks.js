/**
 * The only place that writes markdown syntax. Every function takes raw text and escapes it, so no caller can forget to;
 * a block is a string of markdown, and a document is blocks with an empty line between them.
 */
import { markdownTable } from 'markdown-table';
import { pathOf, WIDTH } from './charts/frame.ts';
import { attributeText, htmlText, text } from './escape.ts';
export function documentOf(blocks) {
  return `${blocks.join('\n\n')}\n`;
}
export function heading(level, raw) {
  return `${'#'.repeat(level)} ${text(raw)}`;
}
export function paragraph(raw) {
  return text(raw);
}
/** A sentence whose beginning carries the finding. */
export function finding(lead, rest) {
  return `**${text(lead)}**${rest === '' ? '' : rejoin(rest)}`;
}
export function bullets(items) {
  return items.map((item) => `- ${text(item)}`).join('\n');
}
/** A term in bold and what there is to say about it, as a list. */
export function definitions(items) {
  return items.map(([term, explanation]) => `- **${text(term)}:** ${text(explanation)}`).join('\n');
}
export const left = (header) => ({ header, align: 'left' });
export const right = (header) => ({ header, align: 'right' });
export function table(columns, rows) {
  const cells = [columns.map((column) => column.header), ...rows].map((row) => row.map(cell));
  return markdownTable(cells, {
    align: columns.map((column) => (column.align === 'right' ? 'r' : 'l')),
  });
}
function cell(content) {
  if (typeof content === 'string') return text(content);
  if (!/^[\w./-]+$/.test(content.path)) return text(content.label);
  return `[${text(content.label)}](${content.path})`;
}
const PICTURE = '<picture>';
/** A picture for light and dark pages; whoever does not see it reads its words, and the table beside it. */
export function picture(chart) {
  return [
    PICTURE,
    `  <source media="(prefers-color-scheme: dark)" srcset="${pathOf(chart, { name: 'dark' })}">`,
    `  <img alt="${attributeText(chart.alt)}" src="${pathOf(chart, { name: 'light' })}" width="${WIDTH}">`,
    '</picture>',
  ].join('\n');
}
/** For a page that does not lie beside the charts. */
export function withoutPictures(blocks) {
  return blocks.filter((block) => !block.startsWith(PICTURE));
}
/** Folded away until a reader asks for it. */
export function details(summary, blocks) {
  return ['<details>', `<summary>${htmlText(summary)}</summary>`, ...blocks, '</details>']
    .join('\n\n')
    .replace('\n\n', '\n');
}
/** The rest of a sentence after its bold beginning: `text` trims, the space between them must stay. */
function rejoin(rest) {
  return /^\s/.test(rest) ? ` ${text(rest)}` : text(rest);
}
