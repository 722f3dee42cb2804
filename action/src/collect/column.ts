const BITS = 10;
const BLOCK = 2 ** BITS;

/**
 * Numbers of unknown count, 8 bytes each and outside of the heap, which a soak would fill; in blocks, because one growing
 * array leaves all its smaller forms behind.
 */
export class Column {
  readonly #blocks: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    this.set(this.length, value);
  }

  /** @param row one after the last at most. */
  set(row: number, value: number): void {
    if (row === this.#blocks.length * BLOCK) this.#blocks.push(new Float64Array(BLOCK));
    this.#blocks[row >>> BITS]![row % BLOCK] = value;
    if (row === this.length) this.length++;
  }

  /** @param row below the length. */
  at(row: number): number {
    return this.#blocks[row >>> BITS]![row % BLOCK]!;
  }

  toArray(): Float64Array {
    const all = new Float64Array(this.length);
    for (const [at, block] of this.#blocks.entries())
      all.set(block.subarray(0, this.length - at * BLOCK), at * BLOCK);
    return all;
  }
}
