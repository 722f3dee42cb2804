/**
 * What has to be undone, in reverse order of its making. Undoing goes on past a failure and happens once,
 * however often it is asked for. (Node 20 has no AsyncDisposableStack.)
 */
export class Teardown implements AsyncDisposable {
  readonly #steps: (() => Promise<void> | void)[] = [];
  #ended: Promise<void> | undefined;

  /** @returns false when teardown has begun: the caller must undo what it just made itself. */
  defer(step: () => Promise<void> | void): boolean {
    if (this.#ended !== undefined) return false;
    this.#steps.push(step);
    return true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, 'Some of the local cloud could not be removed.');
  }
}
