import { now } from '../../clock.ts';
import type { Answer, Report } from './execution.ts';
import type { Fault } from './faults.ts';
import type { RuntimeEvent } from './runtime-api.ts';

/** One invocation in an environment, from its event until it is reported. */
export class Work {
  /** As its client was told it. */
  readonly event: RuntimeEvent;
  /** Why it failed; null as long as it did not. */
  fault: Fault | null = null;
  readonly #answer: (answer: Answer) => void;
  readonly #startedAt = performance.now();
  #endedAt = 0;
  #endMs = 0;

  constructor(event: RuntimeEvent, answer: (answer: Answer) => void) {
    this.event = event;
    this.#answer = answer;
  }

  get requestId(): string {
    return this.event.requestId;
  }

  /** Answers its request; `endedAt` by performance.now(). */
  end(endedAt: number, fault: Fault | null, body: Buffer): void {
    this.#endedAt = endedAt;
    this.#endMs = now();
    this.fault = fault;
    this.#answer(fault === null ? { ok: true, body } : { ok: false, fault });
  }

  /** Its own part of the report. */
  report(): Pick<Report, 'requestId' | 'endMs' | 'fault' | 'durationMs'> {
    const { requestId, fault } = this;
    return { requestId, fault, endMs: this.#endMs, durationMs: this.#endedAt - this.#startedAt };
  }
}
