import { readSync } from 'node:fs';
import { type Layout, type Line, PIECE, Scanner } from './lines/scanner.ts';

const NEWLINE = 10;

/**
 * Reads a stream of bytes line by line; lines that are passed over never reach JavaScript. Both kinds of line break will
 * do. What is read of a line is up to the kind of file.
 */
export abstract class LineReader {
  /** Lines that were no line of the file's kind; counted by `line`. */
  protected strange = 0;
  /** Lines that were too long, and a last one without its line break, which may have been cut short. */
  #lost = 0;
  readonly #longest: number;
  readonly #scanner: Scanner;
  /** One for all lines. */
  readonly #line: Line = { start: 0, end: 0, asked: -1, first: Number.NaN, second: Number.NaN, after: 0 };
  /** Bytes of a line whose end has not come yet, before the scanner's input. */
  #kept = 0;
  /** Up to the next line break: the line is too long. */
  #skipping = false;

  constructor(layout: Layout) {
    this.#longest = layout.longest;
    this.#scanner = new Scanner(layout);
  }

  /** One line. It and the buffer are valid during the call only. */
  protected abstract line(buffer: Buffer, line: Readonly<Line>): void;

  /** Lines that could not be read: broken, cut short, too long, or of an unknown kind. */
  get unreadable(): number {
    return this.strange + this.#lost;
  }

  /** Takes the next bytes; a line may be spread over any number of chunks. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const bytes = chunk.copy(this.#scanner.memory, this.#scanner.inputAt, at, at + PIECE);
      at += bytes;
      this.#take(bytes);
    }
  }

  /** Takes the next bytes of an open file, without the copy that `push` makes; returns how many, 0 at its end. */
  pull(file: number): number {
    const bytes = readSync(file, this.#scanner.memory, this.#scanner.inputAt, PIECE, null);
    this.#take(bytes);
    return bytes;
  }

  /** No more bytes will come. */
  end(): void {
    if (this.#kept > 0) this.#lost++;
    this.#kept = 0;
    this.#skipping = false;
  }

  #take(taken: number): void {
    const bytes = this.#skipping ? this.#skip(taken) : taken;
    const found = this.#scanner.scan(this.#kept, bytes);
    try {
      for (let at = 0; at < found; at++) this.#tell(at);
    } finally {
      this.#keep(this.#scanner.rest, this.#scanner.inputAt + bytes);
    }
  }

  #tell(found: number): void {
    const line = this.#line;
    this.#scanner.read(found, line);
    if (line.end - line.start > this.#longest) this.#lost++;
    else this.line(this.#scanner.memory, line);
  }

  #keep(start: number, end: number): void {
    this.#kept = end - start;
    // One more, because a carriage return does not count.
    if (this.#kept > this.#longest + 1) {
      this.#lost++;
      this.#kept = 0;
      this.#skipping = true;
    } else this.#scanner.memory.copyWithin(this.#scanner.inputAt - this.#kept, start, end);
  }

  /** Drops what belongs to the line that is too long; returns how many bytes are left. */
  #skip(bytes: number): number {
    const { memory, inputAt } = this.#scanner;
    const end = memory.subarray(inputAt, inputAt + bytes).indexOf(NEWLINE);
    this.#skipping = end === -1;
    if (end === -1) return 0;
    memory.copyWithin(inputAt, inputAt + end + 1, inputAt + bytes);
    return bytes - end - 1;
  }
}

/** Whether the line [start, end) begins with these words. */
export function begins(buffer: Buffer, start: number, end: number, words: Buffer): boolean {
  if (end - start < words.length) return false;
  for (let at = 0; at < words.length; at++) if (buffer[start + at] !== words[at]) return false;
  return true;
}
