import type { Distribution } from './model.ts';

/** Each power of two is cut into so many equal buckets, a power of two itself. */
const BITS = 9;
/** A value told from its bucket is off by half a bucket at most: 0.1 %, a twentieth of the smallest practical margin. */
export const RELATIVE_ERROR = 2 ** -(BITS + 1);

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const [HIGH, LOW] = isLittleEndian ? [1, 0] : [0, 1];
/** Of the upper word's 20 bits of fraction, those that do not decide. */
const SHIFT = 20 - BITS;

/** Exponent and first bits of the fraction, as IEEE 754 lays them out: ascending with the value, and no logarithm. */
function bucketOf(value: number): number {
  number[0] = value;
  return words[HIGH]! >>> SHIFT;
}

function lowerEnd(bucket: number): number {
  words[HIGH] = bucket << SHIFT;
  words[LOW] = 0;
  return number[0]!;
}

/** ms or MB: zero, or between a nanosecond and eleven days; Lambda's longest invocation is 15 minutes. */
export function isAmount(value: number): boolean {
  return value === 0 || (value >= 1e-6 && value <= 1e9);
}

/**
 * A log-linear histogram (Tene's HdrHistogram, 2012): its memory grows with the range of the values, not with their
 * number, and histograms are merged by adding counts. Count, sum, least and greatest are exact; of any other order
 * statistic the error is at most RELATIVE_ERROR.
 */
export class Histogram implements Distribution {
  length = 0;
  sum = 0;
  /** Values that are no amounts: in no other number of this. */
  rejected = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #zeros = 0;
  /** Counts of the buckets from `#first` on. */
  #counts = new Uint32Array(0);
  #first = 0;

  add(value: number): void {
    if (!isAmount(value)) {
      this.rejected++;
      return;
    }
    this.length++;
    this.sum += value;
    if (value < this.#least) this.#least = value;
    if (value > this.#greatest) this.#greatest = value;
    if (value === 0) this.#zeros++;
    else this.#count(bucketOf(value), 1);
  }

  mergedWith(others: Iterable<Distribution>): Histogram {
    const merged = new Histogram();
    for (const part of [this, ...others]) merged.#take(part as Histogram);
    return merged;
  }

  /** Type 7, as of exact values: order statistics, interpolated. Not to be asked of an empty one. */
  quantiles(shares: readonly number[]): number[] {
    const ranks = shares.map((share) => share * (this.length - 1));
    const values = this.#orderStatistics(ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]));
    return ranks.map((rank) => {
      const [below, above] = [values.get(Math.floor(rank))!, values.get(Math.ceil(rank))!];
      return below + (rank - Math.floor(rank)) * (above - below);
    });
  }

  ascending(): Float64Array {
    const values = new Float64Array(this.length);
    let from = 0;
    for (const [value, count] of this.#steps()) {
      values.fill(value, from, from + count);
      from += count;
    }
    return values;
  }

  #take(other: Histogram): void {
    this.length += other.length;
    this.sum += other.sum;
    this.rejected += other.rejected;
    this.#least = Math.min(this.#least, other.#least);
    this.#greatest = Math.max(this.#greatest, other.#greatest);
    this.#zeros += other.#zeros;
    for (const [at, count] of other.#counts.entries()) if (count > 0) this.#count(other.#first + at, count);
  }

  #count(bucket: number, times: number): void {
    if (bucket < this.#first || bucket >= this.#first + this.#counts.length) this.#reach(bucket);
    this.#counts[bucket - this.#first]! += times;
  }

  /** Widens the buckets that are held, an eighth of a power of two at a time. */
  #reach(bucket: number): void {
    const room = 2 ** (BITS - 3);
    const isEmpty = this.#counts.length === 0;
    const first = Math.max(0, isEmpty || bucket < this.#first ? bucket - room : this.#first);
    const end = Math.max(this.#first + this.#counts.length, bucket + room);
    const counts = new Uint32Array(end - first);
    if (!isEmpty) counts.set(this.#counts, this.#first - first);
    this.#counts = counts;
    this.#first = first;
  }

  /** Values by rank, from 0. */
  #orderStatistics(ranks: readonly number[]): Map<number, number> {
    const wanted = [...new Set(ranks)].sort((a, b) => a - b);
    const found = new Map<number, number>();
    let below = 0;
    let next = 0;
    for (const [value, count] of this.#steps()) {
      below += count;
      while (next < wanted.length && wanted[next]! < below) found.set(wanted[next++]!, value);
    }
    found.set(0, this.#least);
    found.set(this.length - 1, this.#greatest);
    return found;
  }

  /** Values that stand for their buckets, ascending, with how many there are. */
  *#steps(): Generator<readonly [number, number]> {
    if (this.#zeros > 0) yield [0, this.#zeros];
    for (const [at, count] of this.#counts.entries()) {
      if (count === 0) continue;
      const bucket = this.#first + at;
      const middle = (lowerEnd(bucket) + lowerEnd(bucket + 1)) / 2;
      yield [Math.min(this.#greatest, Math.max(this.#least, middle)), count];
    }
  }
}
