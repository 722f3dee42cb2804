import { type Meter, meter } from './meter.ts';

/**
 * What an environment has used. CPU is read once per invocation, when the client asks for the next event, so that all
 * the environment uses after its init is attributed to exactly one invocation, work after the response included.
 */
export class Usage {
  /** Highest that was read, MB; 0 where the system does not tell. */
  peakMemoryMb = 0;
  #meter: Meter | null = null;
  /** CPU that belongs to its init and the invocations before, ms; null where nobody can tell. */
  #countedMs: number | null = null;
  /** CPU when we killed it, ms: afterwards nobody can tell. */
  #lastMs: number | null = null;

  /** Begins to read the process; `inInit` is false when its init was over before its id was known. */
  attach(pid: number, inInit: boolean): void {
    this.#meter = meter(pid);
    if (!inInit) this.#countedMs = this.#meter.cpuMs();
  }

  /** CPU since it was taken last, ms; null where the system does not tell, and of its init. */
  takeCpuMs(): number | null {
    const nowMs = this.#meter?.cpuMs() ?? null;
    const takenMs = difference(nowMs, this.#countedMs);
    this.#countedMs = nowMs;
    return takenMs;
  }

  /** To be called before it is killed. */
  readLast(): void {
    this.#lastMs = this.#meter?.cpuMs() ?? null;
  }

  /** CPU of the invocation in which we killed it, ms. */
  lastCpuMs(): number | null {
    return difference(this.#lastMs, this.#countedMs);
  }

  /** @returns the highest so far, MB */
  readMemory(): number {
    this.peakMemoryMb = Math.max(this.peakMemoryMb, this.#meter?.peakMemoryMb() ?? 0);
    return this.peakMemoryMb;
  }

  close(): void {
    this.#meter?.close();
  }
}

const difference = (to: number | null, from: number | null): number | null =>
  to === null || from === null ? null : to - from;
