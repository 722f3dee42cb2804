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
    for (let row = 0; row < other.#endMs.length; row++)
      this.request(other.#endMs.at(row) + byMs, other.#clientMs.at(row), true);
    for (let row = 0; row < other.#failedMs.length; row++)
      this.request(other.#failedMs.at(row) + byMs, 0, false);
    for (let row = 0; row < other.#droppedMs.length; row++)
      this.dropped(other.#droppedMs.at(row) + byMs, other.#droppedCounts.at(row));
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
    const sizes = tally(this.#endMs, count, blockOf);
    const errors = tally(this.#failedMs, count, blockOf);
    const dropped = tally(this.#droppedMs, count, blockOf, this.#droppedCounts);
    const slots = sizes.map((size, block) => ({
      ...{ block, position, variant, startMs: originMs + block * blockMs },
      ...{ requests: size + errors[block]!, errors: errors[block]!, dropped: dropped[block]! },
      unmatched: 0,
      warm: { ...NOT_TOLD, endMs: new Float64Array(size), clientMs: new Float64Array(size) },
      environments: [],
    }));
    const next = new Uint32Array(count);
    for (let row = 0; row < this.#endMs.length; row++) {
      const endMs = this.#endMs.at(row);
      const block = blockOf(endMs);
      const { warm } = slots[block]!;
      const at = next[block]!++;
      warm.endMs[at] = endMs - this.#first + originMs;
      warm.clientMs[at] = this.#clientMs.at(row);
    }
    return slots;
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

/** How many rows, or how much of what they count, each block has. */
function tally(timesMs: Column, count: number, blockOf: (ms: number) => number, weights?: Column): number[] {
  const totals: number[] = new Array(count).fill(0);
  for (let row = 0; row < timesMs.length; row++) totals[blockOf(timesMs.at(row))]! += weights?.at(row) ?? 1;
  return totals;
}
