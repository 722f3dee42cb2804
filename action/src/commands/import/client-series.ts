import { Column } from '../../collect/column.ts';
import type { SlotSamples } from '../../model.ts';

/** Everything an output of k6 tells of one run: exact values, 16 bytes a request. */
export class ClientSeries {
  readonly #endMs = new Column();
  readonly #clientMs = new Column();
  readonly #failedMs = new Column();
  readonly #droppedMs = new Column();
  readonly #droppedCounts = new Column();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  request(endMs: number, clientMs: number, succeeded: boolean): void {
    this.#first = Math.min(this.#first, endMs);
    this.#last = Math.max(this.#last, endMs);
    if (succeeded) {
      this.#endMs.push(endMs);
      this.#clientMs.push(clientMs);
    } else this.#failedMs.push(endMs);
  }

  dropped(endMs: number, count: number): void {
    this.#droppedMs.push(endMs);
    this.#droppedCounts.push(count);
  }

  /** Takes in another series, with its times moved by so many ms. */
  take(other: ClientSeries, byMs = 0): void {
    for (const [row, endMs] of other.#endMs.values.entries())
      this.request(endMs + byMs, other.#clientMs.values[row]!, true);
    for (const endMs of other.#failedMs.values) this.request(endMs + byMs, 0, false);
    for (const [row, endMs] of other.#droppedMs.values.entries())
      this.dropped(endMs + byMs, other.#droppedCounts.values[row]!);
  }

  get requests(): number {
    return this.#endMs.length + this.#failedMs.length;
  }

  get errors(): number {
    return this.#failedMs.length;
  }

  /** End of the first request, ms since the epoch. */
  get startMs(): number {
    return this.#first;
  }

  /** From the end of the first request to the end of the last one, ms. */
  get lengthMs(): number {
    return this.#last - this.#first;
  }

  /**
   * The run cut into blocks of `blockMs` from its own start; what is left at the end belongs to the last one. No
   * environment is known, and no Duration: those columns stay empty.
   *
   * @param originMs what times are moved to begin at, so that runs of different days lie side by side.
   */
  slots({ variant, position, blockMs, originMs }: Cut): SlotSamples[] {
    const count = Math.max(1, Math.floor(this.lengthMs / blockMs));
    const blockOf = (ms: number) =>
      Math.min(count - 1, Math.max(0, Math.floor((ms - this.#first) / blockMs)));
    const [warm, clientMs] = [this.#endMs.values, this.#clientMs.values];
    const movedMs = originMs - this.#first;
    const members = membersOf(warm, count, blockOf);
    const errors = tally(this.#failedMs.values, count, blockOf);
    const dropped = tally(this.#droppedMs.values, count, blockOf, this.#droppedCounts.values);
    return members.map((rows, block) => ({
      ...{ block, position, variant, startMs: originMs + block * blockMs },
      ...{ requests: rows.length + errors[block]!, errors: errors[block]!, dropped: dropped[block]! },
      unmatched: 0,
      warm: {
        ...NOT_TOLD,
        endMs: gathered(warm, rows, movedMs),
        clientMs: gathered(clientMs, rows, 0),
      },
      environments: [],
    }));
  }
}

export interface Cut {
  readonly variant: string;
  readonly position: number;
  readonly blockMs: number;
  readonly originMs: number;
}

const NOT_TOLD = {
  environment: new Uint16Array(),
  durationMs: new Float64Array(),
  billedMs: new Float64Array(),
  cpuMs: new Float64Array(),
  s3Ms: new Float64Array(),
  dynamodbMs: new Float64Array(),
  handlerMs: new Float64Array(),
};

/** The values of some rows, with `more` added. `Float64Array.from` would make a list of them first. */
function gathered(values: Float64Array, rows: Uint32Array, more: number): Float64Array {
  const some = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) some[at] = values[rows[at]!]! + more;
  return some;
}

/** Rows of each block, in order. */
function membersOf(timesMs: Float64Array, count: number, blockOf: (ms: number) => number): Uint32Array[] {
  const sizes = tally(timesMs, count, blockOf);
  const members = sizes.map((size) => new Uint32Array(size));
  const next = new Uint32Array(count);
  for (let row = 0; row < timesMs.length; row++) {
    const block = blockOf(timesMs[row]!);
    members[block]![next[block]!++] = row;
  }
  return members;
}

function tally(
  timesMs: Float64Array,
  count: number,
  blockOf: (ms: number) => number,
  weights?: Float64Array,
): number[] {
  const totals: number[] = new Array(count).fill(0);
  for (let row = 0; row < timesMs.length; row++) totals[blockOf(timesMs[row]!)]! += weights?.[row] ?? 1;
  return totals;
}
