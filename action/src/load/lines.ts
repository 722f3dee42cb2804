const NEWLINE = 10;
const RETURN = 13;

/**
 * Reads a stream of bytes line by line, without copying lines that lie in one chunk. Both kinds of line break will do.
 * What is read of a line is up to the kind of file.
 */
export abstract class LineReader {
  /** Lines that were no line of the file's kind; counted by `line`. */
  protected strange = 0;
  /** Lines that were too long, and a last one without its line break, which may have been cut short. */
  #lost = 0;
  readonly #maxBytes: number;
  #carry: Buffer | null = null;
  #skipping = false;

  /** @param maxBytes a longer line is one that lost its end: it is given up without being kept, and counted. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** One line, [start, end) of the buffer without its line break; the buffer is valid during the call only. */
  protected abstract line(buffer: Buffer, start: number, end: number): void;

  /** Lines that could not be read: broken, cut short, too long, or of an unknown kind. */
  get unreadable(): number {
    return this.strange + this.#lost;
  }

  /** Takes the next bytes; a line may be spread over any number of chunks. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#carry === null && !this.#skipping) this.#cut(chunk, start, end);
      else this.#finish(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** No more bytes will come. */
  end(): void {
    if (this.#carry !== null) this.#lost++;
    this.#carry = null;
    this.#skipping = false;
  }

  #keep(rest: Buffer): void {
    if (this.#skipping) return;
    this.#carry = Buffer.concat(this.#carry === null ? [rest] : [this.#carry, rest]);
    if (this.#carry.length <= this.#maxBytes) return;
    this.#lost++;
    this.#carry = null;
    this.#skipping = true;
  }

  #finish(rest: Buffer): void {
    if (!this.#skipping) {
      const line = Buffer.concat([this.#carry ?? Buffer.alloc(0), rest]);
      this.#carry = null;
      this.#cut(line, 0, line.length);
    }
    this.#skipping = false;
  }

  #cut(buffer: Buffer, start: number, lineEnd: number): void {
    const end = lineEnd > start && buffer[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
    if (end - start > this.#maxBytes) this.#lost++;
    else this.line(buffer, start, end);
  }
}

/** Whether the line [start, end) begins with these words. */
export function begins(buffer: Buffer, start: number, end: number, words: Buffer): boolean {
  if (end - start < words.length) return false;
  for (let at = 0; at < words.length; at++) if (buffer[start + at] !== words[at]) return false;
  return true;
}
