/** z for a 95 % two-sided interval; simple-statistics' probit is 0.003 off. */
const Z = 1.959963984540054;

/** Wilson's score interval of a proportion at 95 % (Wilson 1927, JASA 22, 209-212); `n` may be an effective size. */
export function wilson(successes: number, n: number): [number, number] {
  const p = successes / n;
  const centre = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  return [centre - half, centre + half];
}

/** How much more the counts of slots vary than independent requests would (Kish 1965); at least 1. */
export function designEffect(events: readonly number[], sizes: readonly number[]): number {
  const k = events.length;
  const n = sum(sizes);
  const p = sum(events) / n;
  if (k < 2 || p === 0 || p === 1) return 1;
  const squares = sum(events.map((e, i) => (e - sizes[i]! * p) ** 2));
  return Math.max(1, ((k / (k - 1)) * squares) / (n * p * (1 - p)));
}

export interface RateDifference {
  readonly difference: number;
  readonly lo: number;
  readonly hi: number;
  readonly designEffects: { readonly base: number; readonly head: number };
}

interface Counts {
  readonly events: readonly number[];
  readonly sizes: readonly number[];
}

/**
 * Difference of two clustered proportions, head - base, with Newcombe's hybrid score interval on n / design effect:
 * approximate (Newcombe 1998, Statist. Med. 17, 873-890, method 10).
 */
export function newcombe(base: Counts, head: Counts): RateDifference {
  const a = clustered(base);
  const b = clustered(head);
  const difference = b.p - a.p;
  return {
    difference,
    lo: difference - Math.hypot(b.p - b.lo, a.hi - a.p),
    hi: difference + Math.hypot(b.hi - b.p, a.p - a.lo),
    designEffects: { base: a.deff, head: b.deff },
  };
}

function clustered({ events, sizes }: Counts) {
  const deff = designEffect(events, sizes);
  const n = sum(sizes);
  const p = sum(events) / n;
  const [lo, hi] = wilson((p * n) / deff, n / deff);
  return { deff, p, lo, hi };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
