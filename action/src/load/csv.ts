import { LoadError } from '../errors.ts';
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
  /** The name that came after it last: k6 writes the rows of a request in one order. */
  next: Name | undefined;
}

const NOTHING: Buffer = Buffer.alloc(0);
/** No row of ours comes near it; a longer line is one that lost its end. */
const MAX_LINE = 64 * 1024;
const [COMMA, QUOTE, POINT, ZERO, NINE] = [44, 34, 46, 48, 57];

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
  readonly #ends = new Int32Array(TAGS);
  /** Where the row is read on. */
  #at = 0;
  readonly #row = new ReadRow();
  #last: Name | undefined;
  #scenarioBytes = NOTHING;
  #scenario = '';

  constructor(metrics: readonly string[], onRow: (row: Row) => void) {
    super(MAX_LINE);
    this.#onRow = onRow;
    for (const name of new Set([...KNOWN, ...metrics])) {
      const bytes = Buffer.from(`${name},`);
      const names = this.#names.get(bytes.readInt32BE(0)) ?? [];
      names.push({ bytes, text: name, asked: metrics.includes(name), next: undefined });
      this.#names.set(bytes.readInt32BE(0), names);
    }
  }

  protected line(buffer: Buffer, start: number, end: number): void {
    const expected = this.#last?.next;
    const name =
      expected !== undefined && startsWith(buffer, start, end, expected.bytes)
        ? expected
        : this.#nameIn(buffer, start, end);
    this.#last = name;
    if (name === undefined) this.#header(buffer.toString('latin1', start, end));
    else if (name.asked) this.#read(name, buffer, start, end);
  }

  #nameIn(buffer: Buffer, start: number, end: number): Name | undefined {
    const names = end - start < 4 ? undefined : this.#names.get(buffer.readInt32BE(start));
    const name = names?.find(({ bytes }) => startsWith(buffer, start, end, bytes));
    if (this.#last !== undefined) this.#last.next = name;
    return name;
  }

  #header(line: string): void {
    if (line === HEADER) return;
    this.strange++;
    if (line.startsWith('metric_name,')) {
      throw new LoadError(`k6 writes other columns than expected: ${line}.`, 'Use the pinned version of k6.');
    }
  }

  /** In one pass: most rows end with the scenario of the row before and two empty fields. */
  #read(name: Name, buffer: Buffer, start: number, end: number): void {
    const row = this.#row;
    this.#at = start + name.bytes.length;
    row.timeUs = this.#decimal(buffer, end);
    row.value = this.#decimal(buffer, end);
    if (!Number.isInteger(row.timeUs) || Number.isNaN(row.value) || !this.#tags(buffer, end)) {
      this.strange++;
      return;
    }
    row.metric = name.text;
    row.scenario = this.#scenario;
    row.place(buffer, start, end);
    this.#onRow(row);
  }

  /**
   * As `decimal`, up to the next comma, after which it leaves `#at`; NaN, too, where there is none. Looking for the comma
   * first and calling `decimal` then makes reading all metrics a tenth slower.
   */
  #decimal(buffer: Buffer, end: number): number {
    const start = this.#at;
    let digits = 0;
    let scale = 1;
    let fraction = false;
    for (let at = start; at < end; at++) {
      const byte = buffer[at]!;
      if (byte >= ZERO && byte <= NINE) {
        digits = digits * 10 + byte - ZERO;
        if (fraction) scale *= 10;
      } else if (byte === POINT && !fraction && at > start) fraction = true;
      else if (byte === COMMA && at > start && buffer[at - 1] !== POINT) {
        this.#at = at + 1;
        return digits <= Number.MAX_SAFE_INTEGER ? digits / scale : Number.NaN;
      } else return Number.NaN;
    }
    return Number.NaN;
  }

  /** Scenario, extra tags and metadata; false unless there are just these. Rows come scenario by scenario. */
  #tags(buffer: Buffer, end: number): boolean {
    const start = this.#at;
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

/** One for all rows, because an object and a closure for each cost a fifth of reading them. */
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

/** The comma first: it tells nearly all names apart, and then from the back, because many begin alike. */
function startsWith(buffer: Buffer, start: number, end: number, name: Buffer): boolean {
  if (end - start < name.length || buffer[start + name.length - 1] !== COMMA) return false;
  for (let at = name.length - 2; at >= 0; at--) if (buffer[start + at] !== name[at]) return false;
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
