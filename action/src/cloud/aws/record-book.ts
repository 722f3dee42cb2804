import type { Invocation, Warning } from '../../model.ts';

/**
 * One record per request id. CloudWatch delivers at least once, and reading again sees old events again: equal records
 * count once. Records that contradict each other count not at all, because a function can print whatever it likes,
 * a report of its own included, and nothing tells which one is Lambda's.
 */
export class RecordBook {
  readonly #records = new Map<string, Invocation>();
  readonly #contradicted = new Set<string>();

  add(invocation: Invocation): void {
    const known = this.#records.get(invocation.requestId);
    if (known === undefined) this.#records.set(invocation.requestId, invocation);
    else if (!agree(known, invocation)) this.#contradicted.add(invocation.requestId);
  }

  /** How many of the requests have no record. */
  missing(requestIds: ReadonlySet<string>): number {
    let missing = 0;
    for (const id of requestIds) if (!this.#records.has(id)) missing++;
    return missing;
  }

  get size(): number {
    return this.#records.size;
  }

  /** In order of time. */
  invocations(): Invocation[] {
    return [...this.#records.values()]
      .filter(({ requestId }) => !this.#contradicted.has(requestId))
      .sort((a, b) => a.timeMs - b.timeMs);
  }

  warnings(): Warning[] {
    const requests = this.#contradicted.size;
    if (requests === 0) return [];
    const message =
      `${requests} requests have platform records that contradict each other, as if the function had printed some ` +
      'itself; none of them was believed.';
    return [{ code: 'contradictory-records', message, data: { requests } }];
  }
}

/** Two copies of an event have the same numbers from the same log stream. */
function agree(a: Invocation, b: Invocation): boolean {
  return (
    a.environmentId === b.environmentId &&
    a.status === b.status &&
    a.durationMs === b.durationMs &&
    a.billedDurationMs === b.billedDurationMs &&
    a.initDurationMs === b.initDurationMs &&
    a.maxMemoryUsedMb === b.maxMemoryUsedMb
  );
}
