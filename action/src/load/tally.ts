import { median } from 'simple-statistics';
import type { Sample, Slot } from '../model.ts';

/** What has happened so far, for one progress line. Rate and latencies are those since the line before: nothing piles up. */
export class Tally {
  #requests = 0;
  #toldRequests = 0;
  #toldMs = 0;
  #errors = 0;
  readonly #recent = new Map<string, number[]>();

  add(sample: Sample): void {
    this.#requests++;
    if (sample.status < 200 || sample.status > 299) this.#errors++;
    if (sample.phase !== 'measured') return;
    const recent = this.#recent.get(sample.variant) ?? [];
    recent.push(sample.clientMs);
    this.#recent.set(sample.variant, recent);
  }

  /** @param elapsedMs since the load began. */
  line(slots: readonly Slot[], elapsedMs: number): string {
    const blocks = 1 + Math.max(...slots.map((slot) => slot.block));
    const unfinished = new Set(slots.filter((slot) => slot.endMs > elapsedMs).map((slot) => slot.block));
    const rate = (this.#requests - this.#toldRequests) / Math.max(1, (elapsedMs - this.#toldMs) / 1000);
    const leftMs = Math.max(0, slots.at(-1)!.endMs - elapsedMs);
    const parts = [
      `${blocks - unfinished.size} of ${blocks} blocks`,
      `${duration(elapsedMs)} of ${duration(slots.at(-1)!.endMs)}`,
      `${this.#requests} requests, ${rate.toFixed(1)}/s lately`,
      `${this.#errors} errors`,
    ];
    const latencies = [...this.#recent].map(([variant, ms]) => `${variant} ${median(ms).toFixed(1)}`);
    if (latencies.length > 0) parts.push(`p50 lately, ms: ${latencies.sort().join(', ')}`);
    this.#recent.clear();
    this.#toldRequests = this.#requests;
    this.#toldMs = elapsedMs;
    return `${parts.join(' · ')} · ${duration(leftMs)} left`;
  }
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
