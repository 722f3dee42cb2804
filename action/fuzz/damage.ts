/** Inputs near to what a parser expects: valid ones, damaged at a few places. Far-off ones are refused at their first byte. */
import fc from 'fast-check';

/** What parsers stumble over. */
export const WORDS: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\r\n',
    '\t',
    ',',
    ';',
    ':',
    '|',
    '"',
    "'",
    '`',
    '\\',
    '%',
    '%zz',
    '{',
    '}',
    '[',
    ']',
    '<',
    '&',
  ],
  ...[
    'NaN',
    'Infinity',
    '-1',
    '-0',
    '0x10',
    '1e999',
    '1e-999',
    '1e3',
    '.5',
    '5.',
    '00',
    '٣',
    '1.5',
    '9'.repeat(20),
    '9'.repeat(400),
  ],
  ...['null', 'true', 'undefined', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'],
  ...[
    '../',
    '/',
    '..\\',
    'C:',
    '\ud800',
    '\udc00',
    '\ufeff',
    '\u2028',
    '\u202e',
    'é',
    '😀',
    '!!js/function',
    '*a',
    '&a',
    '<<:',
  ],
];

interface Edit {
  readonly kind: 'flip' | 'drop' | 'cut' | 'repeat' | 'insert';
  /** Place and length, in units of the input's own length. */
  readonly at: number;
  readonly span: number;
  readonly bit: number;
  readonly word: string;
}

const editOf = (words: readonly string[]): fc.Arbitrary<Edit> =>
  fc.record({
    kind: fc.constantFrom('insert', 'flip', 'drop', 'cut', 'repeat'),
    at: fc.nat(9_999),
    span: fc.nat(60),
    bit: fc.nat(7),
    word: fc.constantFrom(...words),
  });

function edited(text: string, { kind, at, span, bit, word }: Edit): string {
  const from = text.length === 0 ? 0 : at % text.length;
  const [before, after] = [text.slice(0, from), text.slice(from)];
  if (kind === 'cut') return before;
  if (kind === 'drop') return before + after.slice(span);
  if (kind === 'repeat') return before + after.slice(0, span) + after;
  if (kind === 'insert') return before + word + after.slice(span % 3);
  return before + String.fromCharCode((text.charCodeAt(from) || 0) ^ (1 << bit)) + after.slice(1);
}

/** Valid texts, most of them damaged at up to four places. */
export function damagedText(whole: fc.Arbitrary<string>, words = WORDS): fc.Arbitrary<string> {
  const edits = fc.array(editOf(words), { maxLength: 4 });
  return fc.tuple(whole, edits).map(([text, list]) => list.reduce(edited, text));
}

/** The same of bytes. */
export function damagedBytes(whole: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const words = WORDS.map((word) => Buffer.from(word).toString('latin1'));
  return damagedText(
    whole.map((bytes) => bytes.toString('latin1')),
    words,
  ).map((text) => Buffer.from(text, 'latin1'));
}

/** The same bytes in some number of chunks, empty ones among them. */
export function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

export const cuts = (): fc.Arbitrary<number[]> => fc.array(fc.nat(1 << 20), { maxLength: 6 });
