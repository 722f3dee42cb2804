import { LoadError } from '../../errors.ts';
import { SCAN } from './scan.wasm.ts';

/**
 * What a file's lines are like, for a scanner to tell them apart by how they begin. Beginnings have from 1 to 64 bytes, no
 * line break, and none begins another.
 */
export interface Layout {
  /** Bytes without line break. A longer line is one that lost its end. */
  readonly longest: number;
  /** Beginnings of the lines that are told of by their place in this list. */
  readonly asked: readonly string[];
  /** Beginnings of the lines that are not told of. */
  readonly passedOver: readonly string[];
  /** The last byte of a whole line, without which none is passed over; any will do when it is not given. */
  readonly ending?: string;
}

/** [start, end) of a buffer, without its line break. */
export interface Line {
  start: number;
  end: number;
  /** The place of its beginning among those that were asked for; -1 when it begins otherwise. */
  asked: number;
  /**
   * The first two numbers after that beginning, if they are plain decimals with a comma after each; NaN for what is none.
   * Where another kind of text follows, or nothing was asked for, they mean nothing.
   */
  first: number;
  second: number;
  /** Where the text goes on after both, if both are numbers. */
  after: number;
}

/** Bytes that are scanned at once. */
export const PIECE = 256 * 1024;

// What follows must agree with `assembly/scan.ts`.
/** Bytes that are looked at in one step. */
const BLOCK = 64;
/** Bytes of a beginning, then as many that mask it, its length, and a number of the scanner's own. */
const WIDTH = 64;
const LENGTH_AT = 2 * WIDTH;
const ENTRY = LENGTH_AT + 8;
/** Bytes of a line that is told of: its beginning, start, end and after; first and second. */
const LINE = 4 * 4 + 2 * 8;
const [INTEGERS, FLOATS] = [LINE / Int32Array.BYTES_PER_ELEMENT, LINE / Float64Array.BYTES_PER_ELEMENT];
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
    countOfAll: number,
    countOfAsked: number,
    endingOrZero: number,
    longestLine: number,
    lines: number,
    input: number,
  ): void;
  scan(kept: number, bytes: number): number;
  readonly rest: { readonly value: number };
}

let compiled: WebAssembly.Module | undefined;

/**
 * Finds lines with `assembly/scan.ts`, in a memory of its own:
 *
 *     beginnings | lines of a piece | kept of the line before | a piece | nothing
 *                ^ linesAt                                    ^ inputAt
 *
 * A piece may have as many lines as bytes. A line that is kept may be the longest and have a carriage return. A line's first
 * 64 bytes are compared however near the end it starts.
 */
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
    const { memory, exports } = start(inputAt + PIECE + WIDTH);
    for (const [at, text] of beginnings.entries()) writeBeginning(memory, at * ENTRY, text);
    this.memory = Buffer.from(memory);
    this.inputAt = inputAt;
    this.#integers = new Int32Array(memory, linesAt, PIECE * INTEGERS);
    this.#floats = new Float64Array(memory, linesAt, PIECE * FLOATS);
    this.#exports = exports;
    exports.init(beginnings.length, asked.length, ending.charCodeAt(0), longest, linesAt, inputAt);
  }

  /** Finds the lines that end in a piece of so many `bytes`, of whose first line so many were `kept`; returns their number. */
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
    line.asked = integers[INTEGERS * found]!;
    line.start = integers[INTEGERS * found + 1]!;
    line.end = integers[INTEGERS * found + 2]!;
    line.after = integers[INTEGERS * found + 3]!;
    line.first = floats[FLOATS * found + 2]!;
    line.second = floats[FLOATS * found + 3]!;
  }
}

/** @param bytes of the memory */
function start(bytes: number): { memory: ArrayBuffer; exports: Exports } {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(SCAN, 'base64'));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { memory: memory.buffer, exports: exports as Exports };
  } catch (cause) {
    throw new LoadError(
      `No lines can be read on this machine: ${(cause as Error).message}.`,
      'That needs a processor with SSE4.1, which a virtual machine may have to be given, and gigabytes of addresses (ulimit -v), though not of memory.',
      { cause },
    );
  }
}

function writeBeginning(memory: ArrayBuffer, at: number, text: Buffer): void {
  if (text.length === 0 || text.length > WIDTH)
    throw new RangeError(`"${text}" has ${text.length} bytes; a beginning has from 1 to ${WIDTH}.`);
  const entry = Buffer.from(memory, at, ENTRY);
  text.copy(entry);
  entry.fill(0xff, WIDTH, WIDTH + text.length);
  entry.writeInt32LE(text.length, LENGTH_AT);
}
