import type { Invocation } from '../model.ts';

/** A platform record, with how many invocations its environment had had by then, this one included. */
export interface Recorded {
  readonly invocation: Invocation;
  readonly nth: number;
}

interface Held extends Recorded {
  /** How many records came before it. */
  readonly at: number;
  taken: boolean;
}

/**
 * How far, in records, the order of records may be from that of the requests they belong to. Records that far behind the
 * last one asked for are forgotten, so that memory does not grow with the run: at 10,000 requests a second 20 s.
 */
const WINDOW = 200_000;

/** Platform records by request id, read no further ahead than needed. */
export class Records implements Disposable {
  /** Records that came more than once, among those read so far. */
  duplicates = 0;
  /** How many records came before the last one that was taken. */
  #position = 0;
  #read = 0;
  #untaken = 0;
  #oldest = 0;
  readonly #window: number;
  readonly #source: Iterator<Invocation>;
  readonly #byId = new Map<string, Held>();
  readonly #counts = new Map<string, number>();

  /** @param invocations in order of time, or nearly. */
  constructor(invocations: Iterable<Invocation>, window = WINDOW) {
    this.#source = invocations[Symbol.iterator]();
    this.#window = window;
  }

  /** The record of a request; null where there is none. */
  take(requestId: string): Recorded | null {
    while (this.#read < this.#position + this.#window && this.#next());
    const record = this.#byId.get(requestId);
    if (record === undefined) return null;
    if (!record.taken) this.#untaken--;
    record.taken = true;
    this.#position = Math.max(this.#position, record.at);
    if (this.#position - this.#oldest > 2 * this.#window) this.#forget(this.#position - this.#window);
    return record;
  }

  /** How many records nobody took, once all were read. */
  untaken(): number {
    while (this.#next()) if (this.#read - this.#oldest > 3 * this.#window) this.#forget(this.#read);
    return this.#untaken;
  }

  /** Closes what records are read from, for whoever does not read them all. */
  [Symbol.dispose](): void {
    this.#source.return?.();
  }

  /** Whether there was another one. */
  #next(): boolean {
    const { done, value: invocation } = this.#source.next();
    if (done === true) return false;
    const at = this.#read++;
    if (this.#byId.has(invocation.requestId)) {
      this.duplicates++;
      return true;
    }
    const nth = (this.#counts.get(invocation.environmentId) ?? 0) + 1;
    this.#counts.set(invocation.environmentId, nth);
    this.#byId.set(invocation.requestId, { invocation, nth, at, taken: false });
    this.#untaken++;
    return true;
  }

  /** Many at once: a map that loses its first entry again and again gets slow. */
  #forget(before: number): void {
    for (const [id, { at }] of this.#byId) {
      if (at >= before) break;
      this.#byId.delete(id);
    }
    this.#oldest = before;
  }
}
