import { decimal } from '../../load/csv.ts';
import { K6_METRICS } from '../../load/k6-metrics.ts';
import type { Line } from '../../load/lines/scanner.ts';
import { begins, LineReader } from '../../load/lines.ts';
import { instantOf } from './instant.ts';
import { hasSucceeded, MAX_LINE, type Sink } from './sink.ts';

/** How k6 begins a sample, up to the name of its metric. */
const POINT = Buffer.from('{"metric":"');
/** `Line.asked` is a place in it. */
const ASKED = ['http_req_duration', 'dropped_iterations'];
const NAMES = ASKED.map((name) => Buffer.from(`${name}"`));
const UP_TO_TIME = ASKED.map((name) => `{"metric":"${name}","type":"Point","data":{"time":"`);
const LAYOUT = {
  longest: MAX_LINE,
  asked: UP_TO_TIME,
  passedOver: K6_METRICS.filter((name) => !ASKED.includes(name)).map(
    (name) => `{"metric":"${name}","type":"Point"`,
  ),
  ending: '}',
};
const VALUE = Buffer.from('","value":');
const STATUS = Buffer.from('"status":"');
const EXPECTED = Buffer.from('"expected_response":"');
const SCENARIO = Buffer.from('"scenario":"');
const SUCCEEDED = Buffer.from(',"tags":{"expected_response":"true"');
const FAILED = Buffer.from(',"tags":{"expected_response":"false"');
const DESCRIPTION = Buffer.from('{"type":"Metric"');
const [QUOTE, COMMA, CLOSED] = [34, 44, 125];

/**
 * Reads `k6 run --out json=FILE`: 13 lines a request, of which one is looked into. Lines are told apart by their bytes;
 * only one of an unusual layout (older versions order the keys otherwise) is parsed as JSON.
 */
export class JsonPoints extends LineReader {
  readonly #sink: Sink;
  readonly #clock = new Clock();
  /** The last scenario's tag, quotes included, and how far after the value it stood. */
  #scenarioTag: Buffer = Buffer.alloc(0);
  #scenarioAt = 0;
  #scenario = '';
  /** Of the sample that is read; returned together they would be a list for each. ms since the epoch, and as k6 gives it. */
  #timeMs = Number.NaN;
  #value = Number.NaN;

  constructor(sink: Sink) {
    super(LAYOUT);
    this.#sink = sink;
  }

  protected line(buffer: Buffer, { start, end, asked }: Line): void {
    if (end === start || buffer[end - 1] !== CLOSED) this.strange++;
    else if (asked === -1) this.#other(buffer, start, end);
    else if (asked === 0) this.#latency(buffer, start + UP_TO_TIME[0]!.length, end);
    else this.#dropped(buffer, start + UP_TO_TIME[1]!.length, end);
  }

  #latency(buffer: Buffer, start: number, end: number): void {
    const tags = this.#sample(buffer, start, end);
    if (tags === 0) this.strange++;
    else
      this.#sink.request(
        this.#timeMs,
        this.#value,
        succeeded(buffer, tags, end),
        this.#scenarioIn(buffer, tags, end),
      );
  }

  #dropped(buffer: Buffer, start: number, end: number): void {
    const tags = this.#sample(buffer, start, end);
    if (tags === 0) this.strange++;
    else this.#drop(this.#timeMs, this.#value, this.#scenarioIn(buffer, tags, end));
  }

  /** Arrivals are dropped whole. */
  #drop(timeMs: number, count: number, scenario: string): void {
    if (Number.isInteger(count)) this.#sink.dropped(timeMs, count, scenario);
    else this.strange++;
  }

  /** Nearly always that of the line before, at the same place. */
  #scenarioIn(buffer: Buffer, start: number, end: number): string {
    if (this.#scenarioTag.length > 0 && begins(buffer, start + this.#scenarioAt, end, this.#scenarioTag))
      return this.#scenario;
    const line = buffer.subarray(start, end);
    const [from, to] = tagSpan(line, SCENARIO);
    this.#scenarioAt = from - SCENARIO.length;
    this.#scenarioTag = to === 0 ? Buffer.alloc(0) : Buffer.from(line.subarray(this.#scenarioAt, to + 1));
    this.#scenario = line.toString('latin1', from, to);
    return this.#scenario;
  }

  /** Takes time and value; returns where the tags begin, or 0 when either cannot be read. */
  #sample(buffer: Buffer, start: number, end: number): number {
    let timeEnd = start;
    while (timeEnd < end && buffer[timeEnd] !== QUOTE) timeEnd++;
    if (!begins(buffer, timeEnd, end, VALUE)) return 0;
    const from = timeEnd + VALUE.length;
    let to = from;
    while (to < end && buffer[to] !== COMMA && buffer[to] !== CLOSED) to++;
    this.#timeMs = this.#clock.read(buffer, start, timeEnd);
    this.#value = number(buffer, from, to);
    return Number.isNaN(this.#timeMs) || Number.isNaN(this.#value) ? 0 : to;
  }

  /** Descriptions of metrics, samples of the script's own, and samples with their keys in another order. */
  #other(buffer: Buffer, start: number, end: number): void {
    if (begins(buffer, start, end, DESCRIPTION) || isOtherPoint(buffer, start, end)) return;
    const sample = parsed(buffer.toString('utf8', start, end));
    if (sample?.type === 'Point') this.#parsed(sample);
    else if (sample?.type !== 'Metric') this.strange++;
  }

  #parsed({ metric, data }: ParsedLine): void {
    if (metric !== 'http_req_duration' && metric !== 'dropped_iterations') return;
    const timeMs = typeof data?.time === 'string' ? instantOf(data.time) : Number.NaN;
    const value = typeof data?.value === 'number' ? amount(data.value) : Number.NaN;
    if (Number.isNaN(timeMs) || Number.isNaN(value)) this.strange++;
    else {
      const { expected_response: expected, status, scenario } = data?.tags ?? {};
      if (metric === 'dropped_iterations') this.#drop(timeMs, value, asText(scenario));
      else
        this.#sink.request(timeMs, value, hasSucceeded(asText(expected), asText(status)), asText(scenario));
    }
  }
}

function isOtherPoint(line: Buffer, start: number, end: number): boolean {
  const name = start + POINT.length;
  return begins(line, start, end, POINT) && !NAMES.some((ours) => begins(line, name, end, ours));
}

/** As k6 writes it, if it was k6. */
interface ParsedLine {
  readonly type?: unknown;
  readonly metric?: unknown;
  readonly data?: {
    readonly time?: unknown;
    readonly value?: unknown;
    readonly tags?: Partial<Tags> | null;
  } | null;
}
type Tags = Readonly<Record<'expected_response' | 'status' | 'scenario', unknown>>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

function parsed(line: string): ParsedLine | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ParsedLine) : null;
  } catch {
    return null; // Counted by the caller.
  }
}

/** A latency or a count: not negative, finite. */
function amount(value: number): number {
  return value >= 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN;
}

/** RFC 8259, section 6, of what is not negative. */
const NUMBER = /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Plain digits as they are; anything else, such as an exponent, as JSON reads it. NaN unless it is a latency or a count. */
function number(buffer: Buffer, start: number, end: number): number {
  const plain = decimal(buffer, start, end);
  if (!Number.isNaN(plain) || start === end) return plain;
  const text = buffer.toString('latin1', start, end);
  return NUMBER.test(text) ? amount(Number(text)) : Number.NaN;
}

/** k6 sorts tags by name, so that the verdict is nearly always the first. */
function succeeded(buffer: Buffer, start: number, end: number): boolean {
  if (begins(buffer, start, end, SUCCEEDED)) return true;
  if (begins(buffer, start, end, FAILED)) return false;
  const line = buffer.subarray(start, end);
  return hasSucceeded(tag(line, EXPECTED), tag(line, STATUS));
}

/** Value of a tag whose name, with quotes and colon, is given; '' when the line has none. */
function tag(line: Buffer, name: Buffer): string {
  return line.toString('latin1', ...tagSpan(line, name));
}

/** Where the value stands; nowhere (0 to 0) when the line has no such tag, or ends within it. */
function tagSpan(line: Buffer, name: Buffer): [number, number] {
  const at = line.indexOf(name);
  if (at === -1) return [0, 0];
  const from = at + name.length;
  const to = line.indexOf(QUOTE, from);
  return to === -1 ? [0, 0] : [from, to];
}

const SECOND = 'YYYY-MM-DDThh:mm:ss'.length;
const [DOT, ZERO, NINE] = [46, 48, 57];

/** RFC 3339 to ms since the epoch. Lines come by time, so a second is parsed once and only its fraction for each line. */
class Clock {
  readonly #second = Buffer.alloc(SECOND);
  #zone = '';
  #ms = Number.NaN;

  read(buffer: Buffer, start: number, end: number): number {
    if (end - start <= SECOND) return Number.NaN;
    let at = start + SECOND;
    let digits = 0;
    let scale = 1;
    if (buffer[at] === DOT) {
      for (at++; at < end && buffer[at]! >= ZERO && buffer[at]! <= NINE; at++, scale *= 10)
        digits = digits * 10 + buffer[at]! - ZERO;
      if (scale === 1 || buffer[at] === DOT) return Number.NaN;
    }
    const zone = end - at === 1 && buffer[at] === 90 ? 'Z' : buffer.toString('latin1', at, end);
    const known = begins(buffer, start, end, this.#second);
    if (!known || zone !== this.#zone) {
      buffer.copy(this.#second, 0, start, start + SECOND);
      this.#zone = zone;
      this.#ms = instantOf(buffer.toString('latin1', start, start + SECOND) + zone);
    }
    return this.#ms + (digits * 1000) / scale;
  }
}
