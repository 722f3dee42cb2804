import { SCAN } from './scan.wasm.ts';

/** What a file's lines are like, for a scanner to tell them apart by their first bytes. */
export interface Layout {
  /** Bytes without line break. A longer line is one that lost its end. */
  readonly longest: number;
  /** Beginnings of the lines that are told of by their place in this list. */
  readonly asked: readonly string[];
  /** Beginnings of the lines that are not told of. No beginning may begin another, or be longer than 64 bytes. */
  readonly passedOver: readonly string[];
  /** The last byte of a whole line, without which none is passed over; any will do when it is not given. */
  readonly ending?: string;
}

/** [start, end) of a buffer, without its line break. */
export interface Line {
  start: number;
  end: number;
  /** Its place among the beginnings that were asked for; -1 when it begins otherwise. */
  asked: number;
  /** Of such a line: plain decimals with a comma after each, NaN where there is none; and where they end. */
  first: number;
  second: number;
  after: number;
}

/** Bytes that are scanned at once. */
export const PIECE = 256 * 1024;
/** Bytes of a beginning, its mask, and two numbers; as in `assembly/scan.ts`. */
const [WIDTH, SIZE_AT, ENTRY] = [64, 128, 136];
/** Bytes of a line: four integers and two floats. */
const LINE = 32;
/** Bytes that are looked at in one step; a line of the processor's cache. */
const BLOCK = 64;
const PAGE = 64 * 1024;

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(options: { initial: number });
    readonly buffer: ArrayBuffer;
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: unknown;
  }
}

interface Exports {
  init(
    beginningsAt: number,
    countOfAll: number,
    countOfAsked: number,
    endingOrZero: number,
    longestBytes: number,
    linesAt: number,
    inputAt: number,
  ): void;
  scan(kept: number, bytes: number): number;
  readonly rest: { readonly value: number };
}

const compiled = new WebAssembly.Module(Buffer.from(SCAN, 'base64'));

/** Finds lines with `assembly/scan.ts`, in a memory of its own. */
export class Scanner {
  readonly memory: Buffer;
  /** Where a piece goes; what was kept of its first line goes before it. */
  readonly inputAt: number;
  /** The lines that the last scan found, which `read` takes to pieces. */
  readonly #integers: Int32Array;
  readonly #floats: Float64Array;
  readonly #exports: Exports;

  constructor({ longest, asked, passedOver, ending = '\0' }: Layout) {
    const beginnings = [...asked, ...passedOver].map((text) => Buffer.from(text));
    const linesAt = beginnings.length * ENTRY;
    const inputAt = Math.ceil((linesAt + PIECE * LINE + longest + 1) / BLOCK) * BLOCK;
    // Beyond the last byte a beginning is looked for, too.
    const bytes = inputAt + PIECE + WIDTH;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    for (const [at, text] of beginnings.entries()) writeBeginning(memory.buffer, at * ENTRY, text);
    this.memory = Buffer.from(memory.buffer);
    this.inputAt = inputAt;
    this.#integers = new Int32Array(memory.buffer, linesAt, (PIECE * LINE) / Int32Array.BYTES_PER_ELEMENT);
    this.#floats = new Float64Array(memory.buffer, linesAt, (PIECE * LINE) / Float64Array.BYTES_PER_ELEMENT);
    this.#exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Exports;
    this.#exports.init(0, beginnings.length, asked.length, ending.charCodeAt(0), longest, linesAt, inputAt);
  }

  /** Finds the lines that end in a piece of so many bytes, of whose first line so many were kept; returns how many. */
  scan(kept: number, bytes: number): number {
    return this.#exports.scan(kept, bytes);
  }

  /** Where the line starts that has no end yet. */
  get rest(): number {
    return this.#exports.rest.value;
  }

  /** Takes one of the lines that were found into `line`. */
  read(found: number, line: Line): void {
    const [integers, floats] = [this.#integers, this.#floats];
    line.asked = integers[8 * found]!;
    line.start = integers[8 * found + 1]!;
    line.end = integers[8 * found + 2]!;
    line.after = integers[8 * found + 3]!;
    line.first = floats[4 * found + 2]!;
    line.second = floats[4 * found + 3]!;
  }
}

function writeBeginning(memory: ArrayBuffer, at: number, text: Buffer): void {
  if (text.length > WIDTH) throw new RangeError(`"${text}" is longer than ${WIDTH} bytes.`);
  const entry = Buffer.from(memory, at, ENTRY);
  text.copy(entry);
  entry.fill(0xff, WIDTH, WIDTH + text.length);
  entry.writeInt32LE(text.length, SIZE_AT);
}
