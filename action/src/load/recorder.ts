import type { Warning } from '../model.ts';
import { CsvScanner, type Row } from './csv.ts';
import type { Journal } from './journal.ts';
import { SampleReader } from './sample.ts';
import { Streaks } from './streak.ts';
import { Tally } from './tally.ts';

/**
 * Reads the generator's output while it comes, counts what is in it, and writes it down.
 *
 * @throws LoadError from `push` when a variant answers with errors only
 */
export class Recorder {
  /** Arrivals of measured windows that found no free virtual user, by `${block}/${variant}`. */
  readonly dropped = new Map<string, number>();
  readonly tally = new Tally();
  readonly #streaks = new Streaks();
  /** Requests by k6's own count, to be held against the samples. */
  #requests = 0;
  #samples = 0;
  #unopened = 0;
  #strange = 0;
  /** Of its output, ms; and when some came last, by performance.now(). */
  #longestSilence = 0;
  #heardAt: number | null = null;
  readonly #journal: Journal;
  readonly #reader = new SampleReader();
  readonly #scanner = new CsvScanner(['client', 'http_reqs', 'signatures', 'dropped_iterations'], (row) =>
    this.#row(row),
  );

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  push(chunk: Buffer): void {
    this.#hear(performance.now());
    try {
      this.#scanner.push(chunk);
    } finally {
      this.#journal.flush();
    }
  }

  end(): void {
    this.#scanner.end();
  }

  #hear(at: number): void {
    if (this.#heardAt !== null) this.#longestSilence = Math.max(this.#longestSilence, at - this.#heardAt);
    this.#heardAt = at;
  }

  /** Lines that could not be read. */
  get unreadable(): number {
    return this.#scanner.unreadable + this.#strange;
  }

  #row(row: Row): void {
    if (row.metric === 'http_reqs') this.#requests += row.value;
    else if (row.metric === 'signatures')
      this.#requests -= row.value; // asked of us, not of a function
    else if (row.metric === 'dropped_iterations') this.#drop(row);
    else this.#sample(row);
  }

  #sample(row: Row): void {
    const sample = this.#reader.read(row);
    if (sample === null) {
      this.#strange++;
      return;
    }
    this.#samples++;
    this.#journal.row(row.line());
    this.tally.add(sample);
    this.#streaks.add(sample);
  }

  #drop(row: Row): void {
    const place = this.#reader.place(row.scenario);
    if (place === null) this.#strange++;
    else if (place.phase === 'warm-up') this.#unopened += row.value;
    else {
      const slot = `${place.block}/${place.variant}`;
      this.dropped.set(slot, (this.dropped.get(slot) ?? 0) + row.value);
      this.#journal.row(row.line());
    }
  }

  warnings(): Warning[] {
    const [requests, samples] = [this.#requests, this.#samples];
    const [unopened, unreadable] = [this.#unopened, this.unreadable];
    const warnings: Warning[] = [];
    if (requests !== samples) {
      const message = `The load generator counts ${requests} requests, and ${samples} samples of them were read.`;
      warnings.push({ code: 'samples-lost', message, data: { requests, samples } });
    }
    if (unreadable > 0) {
      const message = `${unreadable} lines of the load generator's output could not be read.`;
      warnings.push({ code: 'unreadable-lines', message, data: { lines: unreadable } });
    }
    if (unopened > 0) {
      const message = `${unopened} warm-up requests were not sent, because opening bursts took longer than planned.`;
      warnings.push({ code: 'warm-up-cut', message, data: { requests: unopened } });
    }
    return [...warnings, ...silenceWarning(this.#longestSilence)];
  }
}

/** It hands its output on once a second, whether or not there were requests. */
const SILENCE_MS = 2500;

function silenceWarning(longestMs: number): Warning[] {
  if (longestMs <= SILENCE_MS) return [];
  const ms = Math.round(longestMs);
  const message = `The load generator stood still for ${(ms / 1000).toFixed(1)} s: what was due then was sent late or not at all.`;
  return [{ code: 'generator-stood-still', message, data: { ms } }];
}
