/** The only place that writes SVG syntax: every text is escaped, every number rounded, so equal charts are equal bytes. */
import { plain } from '../escape.ts';

export type Svg = string;
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, ...children: readonly Svg[]): Svg {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${typeof value === 'number' ? coordinate(value) : escaped(`${value}`)}"`,
    );
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

export function label(x: number, y: number, raw: string, attributes: Attributes = {}): Svg {
  return element('text', { x, y, ...attributes }, escaped(plain(raw)));
}

/** What a browser shows when the pointer rests on the mark around it. */
export function tooltip(raw: string): Svg {
  return `<title>${escaped(plain(raw))}</title>`;
}

/** A tenth of a pixel is finer than anyone sees. Throws RangeError for what no chart may contain. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no coordinate`);
  return `${Math.round(value * 10) / 10 + 0}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
