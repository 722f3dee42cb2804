import { Histogram } from '../histogram.ts';
import type { Sample, Slot } from '../model.ts';

/** What has happened so far, for one progress line; the rate is that since the line before. Its memory does not grow with the run. */
export class Tally {
  #requests = 0;
  #toldRequests = 0;
  #toldMs = 0;
  #errors = 0;
  readonly #latencies = new Map<string, Histogram>();

  add(sample: Sample): void {
    this.#requests++;
    if (sample.status < 200 || sample.status > 299) this.#errors++;
    if (sample.phase !== 'measured') return;
    const latencies = this.#latencies.get(sample.variant) ?? new Histogram();
    latencies.add(sample.clientMs);
    this.#latencies.set(sample.variant, latencies);
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
    const p50s = [...this.#latencies]
      .filter(([, latencies]) => latencies.length > 0)
      .map(([variant, latencies]) => `${variant} ${latencies.quantiles([0.5])[0]!.toFixed(1)}`);
    if (p50s.length > 0) parts.push(`p50 so far, ms: ${p50s.sort().join(', ')}`);
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
