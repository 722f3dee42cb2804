import { normalQuantile } from './normal.ts';
import { sum } from './quantile.ts';

/** Wilson's score interval of a proportion (Wilson 1927, JASA 22, 209-212); `n` may be an effective size. */
export function wilson(successes: number, n: number, level = 0.95): [number, number] {
  const z2 = normalQuantile(0.5 + level / 2) ** 2;
  const p = successes / n;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = Math.sqrt(z2 * ((p * (1 - p)) / n + z2 / (4 * n ** 2))) / (1 + z2 / n);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * How much more the counts of slots vary than independent requests would (Kish 1965, Survey Sampling, 5.4; the ratio
 * estimator's linearised variance). At least 1: a lucky sample earns no extra trust.
 */
export function designEffect(events: readonly number[], sizes: readonly number[]): number {
  const slots = events.length;
  const n = sum(sizes);
  const p = sum(events) / n;
  if (slots < 2 || p === 0 || p === 1) return 1;
  const squares = sum(events.map((count, i) => (count - sizes[i]! * p) ** 2));
  return Math.max(1, ((slots / (slots - 1)) * squares) / (n * p * (1 - p)));
}

export interface RateDifference {
  /** head - base. */
  readonly difference: number;
  readonly lo: number;
  readonly hi: number;
  readonly designEffects: { readonly base: number; readonly head: number };
}

/** Events and trials slot by slot; parallel. */
export interface Counts {
  readonly events: readonly number[];
  readonly sizes: readonly number[];
}

/**
 * Difference of two clustered proportions with Newcombe's hybrid score interval on n / design effect: approximate
 * (Newcombe 1998, Statist. Med. 17, 873-890, method 10).
 */
export function newcombe(base: Counts, head: Counts, level = 0.95): RateDifference {
  const a = clustered(base, level);
  const b = clustered(head, level);
  const difference = b.p - a.p;
  return {
    difference,
    lo: difference - Math.hypot(b.p - b.lo, a.hi - a.p),
    hi: difference + Math.hypot(b.hi - b.p, a.p - a.lo),
    designEffects: { base: a.effect, head: b.effect },
  };
}

function clustered({ events, sizes }: Counts, level: number) {
  const effect = designEffect(events, sizes);
  const n = sum(sizes);
  const p = sum(events) / n;
  const [lo, hi] = wilson((p * n) / effect, n / effect, level);
  return { effect, p, lo, hi };
}
