import { LoadError } from '../errors.ts';

/** One row of k6's CSV output. */
export interface Row {
  readonly metric: string;
  /** Microseconds since the epoch. */
  readonly timeUs: number;
  readonly value: number;
  readonly scenario: string;
  /** `key=value` as k6 wrote it; a view that is valid during the callback only. */
  readonly metadata: Buffer;
}

/** What k6 writes with `--out csv=...,timeFormat=unix_micro` and `scenario` as the only system tag. */
const HEADER = 'metric_name,timestamp,metric_value,scenario,extra_tags,metadata';
const COLUMNS = 6;

/** k6's own metrics: rows that are passed over when not asked for, while anything else is unreadable. */
const BUILT_IN = [
  ...['http_reqs', 'http_req_duration', 'iterations', 'iteration_duration', 'dropped_iterations'],
  ...['data_sent', 'data_received', 'vus', 'vus_max', 'checks', 'group_duration'],
];

/** No row of ours comes near it; a longer line is one that lost its end. */
const MAX_LINE = 64 * 1024;
const [NEWLINE, RETURN, COMMA, QUOTE, POINT, ZERO] = [10, 13, 44, 34, 46, 48];

/**
 * A streaming reader of k6's lean CSV that looks at bytes and parses asked-for rows only: of the 15 rows that k6
 * writes for a request all but two are told apart by their first four bytes.
 *
 * @param metrics names of the metrics whose rows are parsed.
 * @param onRow called for each of their rows, in order.
 */
export class CsvScanner {
  /** Lines that are no row of k6's: broken, cut short, too long, or of an unknown metric. */
  unreadable = 0;
  readonly #onRow: (row: Row) => void;
  /** Names asked for, by their first four bytes; an empty list for metrics to pass over. */
  readonly #names = new Map<number, Buffer[]>();
  readonly #ends = new Int32Array(COLUMNS);
  #carry: Buffer | null = null;
  #skipping = false;

  constructor(metrics: readonly string[], onRow: (row: Row) => void) {
    this.#onRow = onRow;
    for (const name of [...BUILT_IN, ...metrics]) {
      const bytes = Buffer.from(`${name},`);
      const names = this.#names.get(bytes.readInt32BE(0)) ?? [];
      if (metrics.includes(name) && !names.some((known) => known.equals(bytes))) names.push(bytes);
      this.#names.set(bytes.readInt32BE(0), names);
    }
  }

  /** Takes the next bytes; a line may be spread over any number of chunks. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#carry === null && !this.#skipping) this.#line(chunk, start, end);
      else this.#finishLine(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** No more bytes will come: a last line without its newline was cut short. */
  end(): void {
    if (this.#carry !== null) this.unreadable++;
    this.#carry = null;
    this.#skipping = false;
  }

  #keep(rest: Buffer): void {
    if (this.#skipping) return;
    this.#carry = Buffer.concat(this.#carry === null ? [rest] : [this.#carry, rest]);
    if (this.#carry.length <= MAX_LINE) return;
    this.unreadable++;
    this.#carry = null;
    this.#skipping = true;
  }

  #finishLine(rest: Buffer): void {
    if (!this.#skipping) {
      const line = Buffer.concat([this.#carry ?? Buffer.alloc(0), rest]);
      this.#carry = null;
      this.#line(line, 0, line.length);
    }
    this.#skipping = false;
  }

  #line(buffer: Buffer, start: number, lineEnd: number): void {
    const end = lineEnd > start && buffer[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd;
    if (end - start < 4 || end - start > MAX_LINE) {
      this.unreadable++;
      return;
    }
    const names = this.#names.get(buffer.readInt32BE(start));
    if (names === undefined) {
      this.#header(buffer.toString('latin1', start, end));
      return;
    }
    for (const name of names) {
      if (startsWith(buffer, start, end, name)) this.#row(buffer, start, end);
    }
  }

  #header(line: string): void {
    if (line === HEADER) return;
    this.unreadable++;
    if (line.startsWith('metric_name,')) {
      throw new LoadError(`k6 writes other columns than expected: ${line}.`, 'Use the pinned version of k6.');
    }
  }

  #row(buffer: Buffer, start: number, end: number): void {
    const ends = this.#ends;
    if (!splitFields(buffer, start, end, ends)) {
      this.unreadable++;
      return;
    }
    const timeUs = decimal(buffer, ends[0]! + 1, ends[1]!);
    const value = decimal(buffer, ends[1]! + 1, ends[2]!);
    if (!Number.isInteger(timeUs) || Number.isNaN(value)) {
      this.unreadable++;
      return;
    }
    this.#onRow({
      metric: buffer.toString('latin1', start, ends[0]),
      timeUs,
      value,
      scenario: text(buffer, ends[2]! + 1, ends[3]!),
      metadata: unquoted(buffer.subarray(ends[4]! + 1, end)),
    });
  }
}

function startsWith(buffer: Buffer, start: number, end: number, name: Buffer): boolean {
  if (end - start < name.length) return false;
  for (let at = 4; at < name.length; at++) if (buffer[start + at] !== name[at]) return false;
  return true;
}

/** Writes the end of each field to `ends`; false unless there are exactly as many as columns, with quotes closed. */
function splitFields(buffer: Buffer, start: number, end: number, ends: Int32Array): boolean {
  let field = 0;
  let quoted = false;
  for (let at = start; at < end; at++) {
    const byte = buffer[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === COMMA && !quoted) {
      if (field === COLUMNS) return false;
      ends[field++] = at;
    }
  }
  if (quoted || field !== COLUMNS - 1) return false;
  ends[field] = end;
  return true;
}

function text(buffer: Buffer, start: number, end: number): string {
  if (buffer[start] === QUOTE) return unquoted(buffer.subarray(start, end)).toString('latin1');
  return buffer.toString('latin1', start, end);
}

/** RFC 4180: a quoted field has its quotes taken off and doubled ones halved. */
function unquoted(field: Buffer): Buffer {
  if (field.length < 2 || field[0] !== QUOTE) return field;
  const inner = field.subarray(1, -1);
  return inner.includes(QUOTE) ? Buffer.from(inner.toString().replaceAll('""', '"')) : inner;
}

/** Digits with an optional fraction, else NaN. Exact: the digits are gathered as an integer below 2^53. */
function decimal(buffer: Buffer, start: number, end: number): number {
  let digits = 0;
  let scale = 1;
  let fraction = false;
  if (start === end) return Number.NaN;
  for (let at = start; at < end; at++) {
    const digit = buffer[at]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits = digits * 10 + digit;
      if (fraction) scale *= 10;
    } else if (buffer[at] === POINT && !fraction && at > start && at < end - 1) fraction = true;
    else return Number.NaN;
  }
  return digits / scale;
}
