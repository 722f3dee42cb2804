/** Numbers of unknown count, 8 bytes each and outside of the heap, which a soak would fill. */
export class Column {
  #values = new Float64Array(16);
  length = 0;

  push(value: number): void {
    this.set(this.length, value);
  }

  /** @param at one after the last at most. */
  set(at: number, value: number): void {
    if (at === this.#values.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[at] = value;
    if (at === this.length) this.length++;
  }

  /** A view. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
