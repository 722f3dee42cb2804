/** The only place that writes SVG syntax: every text is escaped, every number rounded, so equal charts are equal bytes. */
import { plain } from '../escape.ts';
export function element(name, attributes, ...children) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${typeof value === 'number' ? coordinate(value) : escaped(`${value}`)}"`,
    );
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}
export function label(x, y, raw, attributes = {}) {
  return element('text', { x, y, ...attributes }, escaped(plain(raw)));
}
/** What a browser shows when the pointer rests on the mark around it. */
export function tooltip(raw) {
  return `<title>${escaped(plain(raw))}</title>`;
}
/** A tenth of a pixel is finer than anyone sees. Throws RangeError for what no chart may contain. */
export function coordinate(value) {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no coordinate`);
  return `${Math.round(value * 10) / 10 + 0}`;
}
function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
