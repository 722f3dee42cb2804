import { LoadError } from '../errors.ts';
import { K6_METRICS } from './k6-metrics.ts';
import type { Line } from './lines/scanner.ts';
import { begins, LineReader } from './lines.ts';

/** One row of k6's CSV output; it is valid during the callback only, as the views are that it gives. */
export interface Row {
  readonly metric: string;
  /** Microseconds since the epoch. */
  readonly timeUs: number;
  readonly value: number;
  readonly scenario: string;
  /** `key=value` as k6 wrote it. */
  readonly metadata: Buffer;
  /** The whole row without its line break. */
  line(): Buffer;
}

/** What k6 writes with `--out csv=...,timeFormat=unix_micro` and `scenario` as the only system tag. */
const HEADER = 'metric_name,timestamp,metric_value,scenario,extra_tags,metadata';
/** Columns after the value. */
const TAGS = 3;

/** Rows that are passed over when not asked for, while anything else is unreadable. */
const KNOWN = [...K6_METRICS, 'client'];

const NOTHING: Buffer = Buffer.alloc(0);
/** No row of ours comes near it; a longer line is one that lost its end. */
const MAX_LINE = 64 * 1024;
const [COMMA, QUOTE, POINT, ZERO] = [44, 34, 46, 48];

/**
 * A streaming reader of k6's lean CSV that parses asked-for rows only: two of the 15 that k6 writes for a request.
 *
 * @param metrics names of the metrics whose rows are parsed.
 * @param onRow called for each of their rows, in order.
 */
export class CsvScanner extends LineReader {
  readonly #metrics: readonly string[];
  readonly #onRow: (row: Row) => void;
  readonly #ends = new Int32Array(TAGS);
  readonly #row = new ReadRow();
  #scenarioBytes = NOTHING;
  #scenario = '';

  constructor(metrics: readonly string[], onRow: (row: Row) => void) {
    super({
      longest: MAX_LINE,
      asked: metrics.map(rowsOf),
      passedOver: KNOWN.filter((name) => !metrics.includes(name)).map(rowsOf),
    });
    this.#metrics = metrics;
    this.#onRow = onRow;
  }

  protected line(buffer: Buffer, line: Line): void {
    if (line.asked === -1) this.#header(buffer.toString('latin1', line.start, line.end));
    else this.#read(buffer, line);
  }

  #header(line: string): void {
    if (line === HEADER) return;
    this.strange++;
    if (line.startsWith('metric_name,')) {
      throw new LoadError(`k6 writes other columns than expected: ${line}.`, 'Use the pinned version of k6.');
    }
  }

  #read(buffer: Buffer, line: Line): void {
    const { asked, first: timeUs, second: value, after, end } = line;
    if (!Number.isInteger(timeUs) || Number.isNaN(value) || !this.#tags(buffer, after, end)) {
      this.strange++;
      return;
    }
    const row = this.#row;
    row.metric = this.#metrics[asked]!;
    row.timeUs = timeUs;
    row.value = value;
    row.scenario = this.#scenario;
    row.place(buffer, line.start, end);
    this.#onRow(row);
  }

  /** Scenario, extra tags and metadata; false unless there are just these. Rows come scenario by scenario. */
  #tags(buffer: Buffer, start: number, end: number): boolean {
    const known = start + this.#scenarioBytes.length;
    const isKnown = begins(buffer, start, end, this.#scenarioBytes) && buffer[known] === COMMA;
    if (isKnown && known + 2 === end && buffer[known + 1] === COMMA) {
      this.#row.metadata = NOTHING;
      return true;
    }
    const ends = this.#ends;
    if (!splitFields(buffer, start, end, ends, TAGS)) return false;
    if (!isKnown) {
      this.#scenarioBytes = Buffer.from(buffer.subarray(start, ends[0]!));
      this.#scenario = text(buffer, start, ends[0]!);
    }
    this.#row.metadata = ends[1]! + 1 === end ? NOTHING : unquoted(buffer.subarray(ends[1]! + 1, end));
    return true;
  }
}

/** One for all rows. */
class ReadRow implements Row {
  metric = '';
  timeUs = 0;
  value = 0;
  scenario = '';
  metadata: Buffer = NOTHING;
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;

  place(buffer: Buffer, start: number, end: number): void {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  line(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }
}

/** How a metric's rows begin. */
export const rowsOf = (metric: string): string => `${metric},`;

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
