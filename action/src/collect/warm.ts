import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Histogram } from '../histogram.ts';
import type { Invocation, Sample, SlotSamples, WarmColumn, WarmSamples } from '../model.ts';
import { Column } from './column.ts';

const COLUMNS: readonly WarmColumn[] = [
  ...(['clientMs', 'durationMs', 'billedMs', 'cpuMs', 's3Ms', 'dynamodbMs', 'handlerMs'] as const),
];

type ByColumn<T> = Record<WarmColumn, T>;

const each = <T>(make: (column: WarmColumn) => T): ByColumn<T> =>
  Object.fromEntries(COLUMNS.map((column) => [column, make(column)])) as ByColumn<T>;

/**
 * Gathers a slot's warm requests; what it was given may be forgotten. Beyond `mostRows` of them, histograms hold all and
 * the rows are an even part: each request has the same chance to be among them (Vitter 1985, ACM TOMS 11, Algorithm R).
 */
export class WarmCollector {
  readonly #mostRows: number;
  readonly #environment = new Column();
  readonly #endMs = new Column();
  readonly #rows = each(() => new Column());
  readonly #histograms: ByColumn<Histogram> | null;
  readonly #random = xoroshiro128plus(1);
  #seen = 0;

  /** @param mostRows Infinity: every request is kept, and there are no histograms. */
  constructor(mostRows: number) {
    this.#mostRows = mostRows;
    this.#histograms = Number.isFinite(mostRows) ? each(() => new Histogram()) : null;
  }

  add(environment: number, sample: Sample, record: Invocation): void {
    const { clientMs, s3Ms, dynamodbMs, handlerMs } = sample;
    const { durationMs, billedDurationMs: billedMs, cpuMs } = record;
    const values = { clientMs, durationMs, billedMs, cpuMs, s3Ms, dynamodbMs, handlerMs };
    const at = this.#place();
    if (at < this.#mostRows) {
      this.#environment.set(at, environment);
      this.#endMs.set(at, sample.endMs);
    }
    for (const column of COLUMNS) {
      const value = values[column] ?? Number.NaN;
      if (at < this.#mostRows) this.#rows[column].set(at, value);
      this.#histograms?.[column].add(value);
    }
  }

  #place(): number {
    const seen = this.#seen++;
    return seen < this.#mostRows ? seen : uniformInt(this.#random, 0, seen);
  }

  finish(): Pick<SlotSamples, 'warm' | 'histograms'> {
    const warm: WarmSamples = {
      environment: new Uint16Array(this.#environment.toArray()),
      endMs: this.#endMs.toArray(),
      ...each((column) => {
        const values = this.#rows[column].toArray();
        return isRequired(column) || !values.some(Number.isNaN) ? values : new Float64Array();
      }),
    };
    const histograms = this.#histograms;
    if (histograms === null) return { warm };
    const isKnown = (column: WarmColumn) => isRequired(column) || histograms[column].rejected === 0;
    return {
      warm,
      histograms: each((column) => (isKnown(column) ? histograms[column] : new Histogram())),
    };
  }
}

/** The others are not told of a slot where one request lacks them: parallel arrays have no holes. */
const isRequired = (column: WarmColumn): boolean =>
  column === 'clientMs' || column === 'durationMs' || column === 'billedMs';
