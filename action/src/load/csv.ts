import { LoadError } from '../errors.ts';
import { begins, LineReader } from './lines.ts';

/** One row of k6's CSV output. */
export interface Row {
  readonly metric: string;
  /** Microseconds since the epoch. */
  readonly timeUs: number;
  readonly value: number;
  readonly scenario: string;
  /** `key=value` as k6 wrote it; a view, as that of `line` is, that is valid during the callback only. */
  readonly metadata: Buffer;
  /** The whole row without its line break. */
  readonly line: () => Buffer;
}

/** What k6 writes with `--out csv=...,timeFormat=unix_micro` and `scenario` as the only system tag. */
const HEADER = 'metric_name,timestamp,metric_value,scenario,extra_tags,metadata';
const COLUMNS = 6;

/** k6's own metrics and ours: rows that are passed over when not asked for, while anything else is unreadable. */
const KNOWN = [
  ...['http_reqs', 'http_req_duration', 'http_req_failed', 'http_req_blocked', 'http_req_connecting'],
  ...['http_req_tls_handshaking', 'http_req_sending', 'http_req_waiting', 'http_req_receiving'],
  ...['iterations', 'iteration_duration', 'dropped_iterations', 'group_duration', 'checks'],
  ...['data_sent', 'data_received', 'vus', 'vus_max', 'client'],
];

/** A metric's name with the comma after it. */
interface Name {
  readonly bytes: Buffer;
  readonly text: string;
  readonly asked: boolean;
}

const NOTHING = Buffer.alloc(0);
/** No row of ours comes near it; a longer line is one that lost its end. */
const MAX_LINE = 64 * 1024;
const [COMMA, QUOTE, POINT, ZERO] = [44, 34, 46, 48];

/**
 * A streaming reader of k6's lean CSV that looks at bytes and parses asked-for rows only: of the 15 rows that k6
 * writes for a request all but two are told apart by their names alone.
 *
 * @param metrics names of the metrics whose rows are parsed.
 * @param onRow called for each of their rows, in order.
 */
export class CsvScanner extends LineReader {
  readonly #onRow: (row: Row) => void;
  /** Names by their first four bytes. */
  readonly #names = new Map<number, Name[]>();
  readonly #ends = new Int32Array(COLUMNS);
  #scenarioBytes = NOTHING;
  #scenario = '';

  constructor(metrics: readonly string[], onRow: (row: Row) => void) {
    super(MAX_LINE);
    this.#onRow = onRow;
    for (const name of new Set([...KNOWN, ...metrics])) {
      const bytes = Buffer.from(`${name},`);
      const names = this.#names.get(bytes.readInt32BE(0)) ?? [];
      names.push({ bytes, text: name, asked: metrics.includes(name) });
      this.#names.set(bytes.readInt32BE(0), names);
    }
  }

  protected line(buffer: Buffer, start: number, end: number): void {
    const names = end - start < 4 ? undefined : this.#names.get(buffer.readInt32BE(start));
    const name = names?.find(({ bytes }) => startsWith(buffer, start, end, bytes));
    if (name?.asked) this.#row(name.text, buffer, start, end);
    else if (name === undefined) this.#header(buffer.toString('latin1', start, end));
  }

  /** Rows come scenario by scenario: the name is made once for many. */
  #scenarioIn(buffer: Buffer, start: number, end: number): string {
    if (end - start !== this.#scenarioBytes.length || !begins(buffer, start, end, this.#scenarioBytes)) {
      this.#scenarioBytes = Buffer.from(buffer.subarray(start, end));
      this.#scenario = text(buffer, start, end);
    }
    return this.#scenario;
  }

  #header(line: string): void {
    if (line === HEADER) return;
    this.strange++;
    if (line.startsWith('metric_name,')) {
      throw new LoadError(`k6 writes other columns than expected: ${line}.`, 'Use the pinned version of k6.');
    }
  }

  #row(metric: string, buffer: Buffer, start: number, end: number): void {
    const ends = this.#ends;
    if (!splitFields(buffer, start, end, ends, COLUMNS)) {
      this.strange++;
      return;
    }
    const timeUs = decimal(buffer, ends[0]! + 1, ends[1]!);
    const value = decimal(buffer, ends[1]! + 1, ends[2]!);
    if (!Number.isInteger(timeUs) || Number.isNaN(value)) {
      this.strange++;
      return;
    }
    this.#onRow({
      metric,
      timeUs,
      value,
      scenario: this.#scenarioIn(buffer, ends[2]! + 1, ends[3]!),
      metadata: ends[4]! + 1 === end ? NOTHING : unquoted(buffer.subarray(ends[4]! + 1, end)),
      line: () => buffer.subarray(start, end),
    });
  }
}

/** The comma first: it tells nearly all names apart. */
function startsWith(buffer: Buffer, start: number, end: number, name: Buffer): boolean {
  if (end - start < name.length || buffer[start + name.length - 1] !== COMMA) return false;
  for (let at = 4; at < name.length - 1; at++) if (buffer[start + at] !== name[at]) return false;
  return true;
}

/** Writes the end of each field to `ends`; false unless there are exactly `columns` of them, with quotes closed. */
export function splitFields(
  buffer: Buffer,
  start: number,
  end: number,
  ends: Int32Array,
  columns: number,
): boolean {
  let field = 0;
  let quoted = false;
  for (let at = start; at < end; at++) {
    const byte = buffer[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === COMMA && !quoted) {
      if (field === columns) return false;
      ends[field++] = at;
    }
  }
  if (quoted || field !== columns - 1) return false;
  ends[field] = end;
  return true;
}

function text(buffer: Buffer, start: number, end: number): string {
  if (buffer[start] === QUOTE) return unquoted(buffer.subarray(start, end)).toString('latin1');
  return buffer.toString('latin1', start, end);
}

/** RFC 4180: a quoted field has its quotes taken off and doubled ones halved. */
export function unquoted(field: Buffer): Buffer {
  if (field.length < 2 || field[0] !== QUOTE) return field;
  const inner = field.subarray(1, -1);
  return inner.includes(QUOTE) ? Buffer.from(inner.toString().replaceAll('""', '"')) : inner;
}

/** Digits with an optional fraction, else NaN; NaN, too, for more of them than can be gathered exactly, below 2^53. */
export function decimal(buffer: Buffer, start: number, end: number): number {
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
  return digits <= Number.MAX_SAFE_INTEGER ? digits / scale : Number.NaN;
}
