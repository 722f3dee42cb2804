/** Fitting a document into a limit of bytes by leaving out whole parts, the least important first, and saying which. */
import { type Block, documentOf, paragraph } from './blocks.ts';
import { listed } from './words.ts';

/** A part that can be left out. */
export interface Part {
  /** How the note calls it when it is missing. */
  readonly name: string;
  readonly blocks: readonly Block[];
}

export interface Letter {
  /** Always there. */
  readonly opening: readonly Block[];
  /** In the order of the document, which is that of importance. */
  readonly parts: readonly Part[];
  /** Always there. */
  readonly closing: readonly Block[];
}

/** Names shown of what is missing; more are counted. */
const NAMED = 6;

/** Takes every part that still fits; one that is too long does not keep shorter ones after it out. */
export function fitted({ opening, parts, closing }: Letter, limitBytes: number): string {
  const whole = assemble({ opening, parts, closing }, []);
  if (bytesOf(whole) <= limitBytes) return whole;
  let room = limitBytes - bytesOf(documentOf([...opening, longestNote(parts), ...closing]));
  const taken: Part[] = [];
  for (const part of parts) {
    const size = bytesOf(part.blocks.join('\n\n')) + 2;
    if (size > room) continue;
    room -= size;
    taken.push(part);
  }
  const missing = parts.filter((part) => !taken.includes(part)).map((part) => part.name);
  return assemble({ opening, parts: taken, closing }, [noteOn(missing)]);
}

function assemble({ opening, parts, closing }: Letter, note: readonly Block[]): string {
  return documentOf([...opening, ...parts.flatMap((part) => part.blocks), ...note, ...closing]);
}

function noteOn(missing: readonly string[]): Block {
  const named = missing.slice(0, NAMED);
  const more = missing.length - named.length;
  const names = listed(more > 0 ? [...named, `${more} more`] : named);
  return paragraph(`Left out here for length: ${names}. The report has them.`);
}

function longestNote(parts: readonly Part[]): Block {
  const bytes = ({ name }: Part) => bytesOf(paragraph(name));
  return noteOn([...parts].sort((a, b) => bytes(b) - bytes(a)).map((part) => part.name));
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
