import { decimal, rowsOf, splitFields, unquoted } from '../../load/csv.ts';
import { K6_METRICS } from '../../load/k6-metrics.ts';
import type { Line } from '../../load/lines/scanner.ts';
import { begins, LineReader } from '../../load/lines.ts';
import { instantOf, unixTimeOf } from './instant.ts';
import { hasSucceeded, MAX_LINE, type Sink } from './sink.ts';

/** `Line.asked` is a place in it. */
const ASKED = ['http_req_duration', 'dropped_iterations'];
const LAYOUT = {
  longest: MAX_LINE,
  asked: ASKED.map(rowsOf),
  passedOver: K6_METRICS.filter((name) => !ASKED.includes(name)).map(rowsOf),
};
const SPACE = 32;
/** Of a Unix time in this century. */
const MILLISECONDS_DIGITS = 13;

/** Where the columns that are read stand; -1 for a tag that was switched off. */
interface Columns {
  readonly count: number;
  readonly status: number;
  readonly expected: number;
  readonly scenario: number;
}

/** Reads `k6 run --out csv=FILE` with whatever system tags and time format; the first line names the columns. */
export class CsvPoints extends LineReader {
  #columns: Columns | null = null;
  #ends = new Int32Array(0);
  #scenarioBytes = Buffer.alloc(0);
  #scenario = '';
  readonly #sink: Sink;

  constructor(sink: Sink) {
    super(LAYOUT);
    this.#sink = sink;
  }

  /** Without a line that names them nothing can be read. */
  get knowsColumns(): boolean {
    return this.#columns !== null;
  }

  protected line(buffer: Buffer, { start, end, asked }: Line): void {
    if (this.#columns === null) this.#header(buffer.toString('utf8', start, end));
    else if (asked !== -1) this.#row(buffer, start, end, asked === 0);
    else if (!isOtherMetric(buffer, start, end)) this.strange++;
  }

  #header(line: string): void {
    const names = line.split(',');
    if (!line.startsWith('metric_name,timestamp,metric_value,')) {
      this.strange++;
      return;
    }
    this.#columns = {
      count: names.length,
      status: names.indexOf('status'),
      expected: names.indexOf('expected_response'),
      scenario: names.indexOf('scenario'),
    };
    this.#ends = new Int32Array(names.length);
  }

  #row(buffer: Buffer, start: number, end: number, isLatency: boolean): void {
    const { count, status, expected, scenario } = this.#columns!;
    const ends = this.#ends;
    if (!splitFields(buffer, start, end, ends, count)) {
      this.strange++;
      return;
    }
    const timeMs = instant(buffer, ends[0]! + 1, ends[1]!);
    const value = decimal(buffer, ends[1]! + 1, ends[2]!);
    if (Number.isNaN(timeMs) || Number.isNaN(value)) this.strange++;
    else if (!isLatency) this.#drop(timeMs, value, this.#scenarioIn(buffer, scenario));
    else
      this.#sink.request(
        timeMs,
        value,
        hasSucceeded(this.#field(buffer, expected), this.#field(buffer, status)),
        this.#scenarioIn(buffer, scenario),
      );
  }

  /** Arrivals are dropped whole. */
  #drop(timeMs: number, count: number, scenario: string): void {
    if (Number.isInteger(count)) this.#sink.dropped(timeMs, count, scenario);
    else this.strange++;
  }

  /** Rows come scenario by scenario: the name is made once for many. */
  #scenarioIn(buffer: Buffer, column: number): string {
    if (column === -1) return '';
    const [start, end] = [this.#ends[column - 1]! + 1, this.#ends[column]!];
    if (end - start !== this.#scenarioBytes.length || !begins(buffer, start, end, this.#scenarioBytes)) {
      this.#scenarioBytes = Buffer.from(buffer.subarray(start, end));
      this.#scenario = this.#field(buffer, column);
    }
    return this.#scenario;
  }

  #field(buffer: Buffer, column: number): string {
    if (column === -1) return '';
    return unquoted(buffer.subarray(this.#ends[column - 1]! + 1, this.#ends[column]!)).toString('latin1');
  }
}

/** A comma follows the metric's name, which has neither spaces nor control characters. */
function isOtherMetric(buffer: Buffer, start: number, end: number): boolean {
  const comma = buffer.indexOf(44, start);
  if (comma === -1 || comma === start || comma >= end) return false;
  for (let at = start; at < comma; at++) if (buffer[at]! <= SPACE || buffer[at]! > 126) return false;
  return true;
}

/** ms since the epoch; NaN for what is no time. Seconds, ms and us are told by their bytes alone. */
function instant(buffer: Buffer, start: number, end: number): number {
  const length = end - start;
  const time = length === 10 || length === 13 || length === 16 ? decimal(buffer, start, end) : Number.NaN;
  // With a point or a leading zero in it there are fewer digits.
  if (time >= 10 ** (length - 1)) return time * 10 ** (MILLISECONDS_DIGITS - length);
  const text = buffer.toString('latin1', start, end);
  const unixMs = unixTimeOf(text);
  return Number.isNaN(unixMs) ? instantOf(text) : unixMs;
}
