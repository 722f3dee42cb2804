import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Layout, type Line, PIECE } from './lines/scanner.ts';
import { LineReader } from './lines.ts';

const LAYOUT: Layout = {
  longest: 100,
  asked: ['client,', 'http_req_duration,'],
  // Of all the lengths that are compared differently, and with beginnings that are told apart by their last bytes.
  passedOver: ['http_reqs,', `${'x'.repeat(40)},`, `${'x'.repeat(39)}y,`, 'z'.repeat(64)],
};

/** What there is to be known of a line: the numbers of one that was asked for, and what follows them if both are some. */
interface Told {
  readonly text: string;
  readonly asked: number;
  readonly numbers: readonly number[];
  readonly tags: string | null;
}

interface Reading {
  readonly told: readonly Told[];
  readonly unreadable: number;
}

class Teller extends LineReader {
  readonly told: Told[] = [];

  protected line(buffer: Buffer, { start, end, asked, first, second, after }: Line): void {
    const numbers = asked === -1 ? [] : [first, second];
    const tags = asked === -1 || Number.isNaN(second) ? null : buffer.toString('latin1', after, end);
    this.told.push({ text: buffer.toString('latin1', start, end), asked, numbers, tags });
  }
}

/** Throws at the tags `throw`. */
class Thrower extends Teller {
  protected override line(buffer: Buffer, line: Line): void {
    if (buffer.toString('latin1', line.after, line.end) === 'throw') throw new Error('thrown');
    super.line(buffer, line);
  }
}

function pushed(chunks: readonly Buffer[], layout = LAYOUT): Reading {
  const reader = new Teller(layout);
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { told: reader.told, unreadable: reader.unreadable };
}

/** The same without any haste. */
function expected(text: string, { longest, asked, passedOver, ending = '' }: Layout = LAYOUT): Reading {
  const [last, ...lines] = text.split('\n').reverse();
  const all = lines.reverse().map((line) => line.replace(/\r$/, ''));
  const short = all.filter((line) => line.length <= longest);
  const isPassedOver = (line: string) =>
    passedOver.some((beginning) => line.startsWith(beginning)) && line.endsWith(ending);
  return {
    told: short.filter((line) => !isPassedOver(line)).map((line) => toldOf(line, asked)),
    unreadable: all.length - short.length + (last === '' ? 0 : 1),
  };
}

function toldOf(text: string, beginnings: readonly string[]): Told {
  const asked = beginnings.findIndex((beginning) => text.startsWith(beginning));
  if (asked === -1) return { text, asked, numbers: [], tags: null };
  const rest = text.slice(beginnings[asked]!.length);
  const [first, afterFirst] = decimalOf(rest);
  const [second, tags] = Number.isNaN(first) ? [Number.NaN, null] : decimalOf(afterFirst!);
  return { text, asked, numbers: [first, second], tags };
}

function decimalOf(text: string): [number, string | null] {
  const [all, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?,/.exec(text) ?? [];
  if (all === undefined || BigInt(whole + fraction) > Number.MAX_SAFE_INTEGER) return [Number.NaN, null];
  return [Number(whole + fraction) / 10 ** fraction.length, text.slice(all.length)];
}

const numbers = () =>
  fc.oneof(
    fc.tuple(fc.nat(), fc.nat(999_999)).map(([whole, micro]) => `${whole}.${String(micro).padStart(6, '0')}`),
    fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }).map(String),
    fc.integer({ min: 1, max: 30 }).map((length) => '9'.repeat(length)),
    fc.constantFrom(
      '',
      '0',
      '000',
      '-1',
      '.5',
      '5.',
      '1.2.3',
      '1e9',
      'NaN',
      '1795516008147499',
      '0.000000',
      ' 1',
    ),
  );
const beginnings = () =>
  fc.constantFrom(...LAYOUT.asked, ...LAYOUT.passedOver, 'http_req_', 'client', 'vus,', '');
const lines = () =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(beginnings(), numbers(), numbers(), fc.constantFrom(',', ',a,,', '\r', ',}', ',}\r', ''))
        .map((parts) => `${parts[0]}${parts[1]},${parts[2]}${parts[3]}`),
    },
    // About as long as is allowed, with and without a carriage return.
    {
      weight: 2,
      arbitrary: fc
        .tuple(beginnings(), fc.integer({ min: 96, max: 104 }), fc.constantFrom('', '\r'))
        .map(([text, length, end]) => text.padEnd(length, '7') + end),
    },
    {
      weight: 1,
      arbitrary: fc.string({ unit: fc.constantFrom(',', '\r', '}', 'c', '1', '\0'), maxLength: 9 }),
    },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 2000 }).map((length) => 'l'.repeat(length)) },
  );
const texts = () =>
  fc
    .tuple(fc.array(lines(), { maxLength: 20 }), fc.constantFrom('', '\n'))
    .map(([all, end]) => all.join('\n') + end);

function cut(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const ends = [...cuts, bytes.length].filter((at) => at <= bytes.length).sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

describe('LineReader', () => {
  it('tells what a slow reader tells, whatever the lines are and however their bytes are cut', () => {
    fc.assert(
      fc.property(texts(), fc.array(fc.nat(1500), { maxLength: 8 }), (text, cuts) => {
        expect(pushed(cut(text, cuts))).toEqual(expected(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('tells a beginning from one that differs in any one byte', () => {
    for (const beginning of [...LAYOUT.asked, ...LAYOUT.passedOver])
      for (const at of beginning.split('').keys()) {
        const text = `${beginning.slice(0, at)}#${beginning.slice(at + 1)}1,2,\n`;
        expect(pushed([Buffer.from(text)]).told).toMatchObject([{ asked: -1 }]);
      }
  });

  it('passes over whole lines only where it is told how they end', () => {
    const layout = { ...LAYOUT, ending: '}' };
    fc.assert(
      fc.property(texts(), (text) => {
        expect(pushed([Buffer.from(text)], layout)).toEqual(expected(text, layout));
      }),
      { numRuns: 300 },
    );
  });

  it('tells of every line where no beginnings are given', () => {
    const layout = { longest: 100, asked: [], passedOver: [] };
    const text = 'a\n\nclient,1,2,\r\nhttp_reqs,\n';
    expect(pushed([Buffer.from(text)], layout)).toEqual(expected(text, layout));
    expect(expected(text, layout).told.map((line) => line.text)).toEqual([
      'a',
      '',
      'client,1,2,',
      'http_reqs,',
    ]);
  });

  it('forgets what stood in its memory before: fewer bytes do not bring old lines back', () => {
    const [long, short] = ['client,1,2,a\n'.repeat(50), 'client,3,4,b\n'];
    const { told } = pushed([Buffer.from(long), Buffer.from(short), Buffer.from(short.slice(0, 9))]);
    expect(told.map(({ tags }) => tags)).toEqual([...Array(50).fill('a'), 'b']);
  });

  it.each([1, 15, 16, 17, 63, 64, 65])(
    'reads on over the edges of pieces: lines of %i bytes more',
    (more) => {
      const line = `client,1,2,${'t'.repeat(more)}\n`;
      const text = line.repeat(Math.ceil((3 * PIECE) / line.length));
      expect(pushed([Buffer.from(text)])).toEqual(expected(text));
      expect(pulled(text)).toEqual(expected(text));
    },
  );

  it('finds as many lines in a piece as it has bytes, beside the longest line that is kept before them', () => {
    const longest = `client,1,2,${'t'.repeat(LAYOUT.longest - 11)}`;
    const { told, unreadable } = pushed([Buffer.from(`${longest}\r`), Buffer.alloc(PIECE, '\n')]);
    expect(told[0]).toEqual(toldOf(longest, LAYOUT.asked));
    expect([told.length, unreadable]).toEqual([PIECE, 0]);
  });

  it('can read on after what takes its lines has thrown', () => {
    const reader = new Thrower(LAYOUT);
    reader.push(Buffer.from('client,1,2,a\nclient,3,4,'));
    expect(() => reader.push(Buffer.from('throw\nclient,5,6,c\nclient,7,'))).toThrow('thrown');
    reader.push(Buffer.from('8,d\n'));
    reader.end();
    expect([reader.told.map(({ tags }) => tags), reader.unreadable]).toEqual([['a', 'd'], 0]);
  });

  it('gives up a line that is longer than a piece, pushed or pulled, and reads on after it', () => {
    const text = `client,1,2,a\n${'x'.repeat(2 * PIECE + 7)}\nclient,3,4,b\n`;
    for (const reading of [pushed([Buffer.from(text)]), pulled(text)])
      expect(reading).toEqual(expected(text));
    expect(expected(text)).toMatchObject({ unreadable: 1, told: [{ tags: 'a' }, { tags: 'b' }] });
  });

  it('refuses a beginning that is longer than what is compared, or nothing', () => {
    expect(() => new Teller({ ...LAYOUT, asked: ['x'.repeat(65)] })).toThrow(/has 65 bytes/);
    expect(() => new Teller({ ...LAYOUT, passedOver: [''] })).toThrow(/has 0 bytes/);
  });

  it('says what a machine needs that cannot run it', () => {
    class Memory {
      constructor() {
        throw new RangeError('could not allocate memory');
      }
    }
    vi.stubGlobal('WebAssembly', { Memory });
    const refused = { name: 'LoadError', remedy: expect.stringContaining('SSE4.1') };
    expect(() => new Teller(LAYOUT)).toThrow(expect.objectContaining(refused));
    vi.unstubAllGlobals();
  });
});

function pulled(text: string): Reading {
  const folder = mkdtempSync(join(tmpdir(), 'duel-lines-'));
  writeFileSync(join(folder, 'lines'), text, 'latin1');
  const file = openSync(join(folder, 'lines'), 'r');
  const reader = new Teller(LAYOUT);
  while (reader.pull(file) > 0);
  reader.end();
  closeSync(file);
  rmSync(folder, { recursive: true });
  return { told: reader.told, unreadable: reader.unreadable };
}
