/** Which runs match an address. */
import { headline } from '../../../report/sentences.ts';
import type { Kept } from '../kept.ts';
import { type Address, FILTERS, type Filter } from './address.ts';

/** The values a run has for a filter. */
export function valuesOf({ result }: Kept, filter: Filter): string[] {
  switch (filter) {
    case 'profile':
      return [result.design.profile];
    case 'variant':
      return result.variants.map(({ name }) => name);
    case 'memory':
      return [...new Set(result.variants.flatMap(memoryOf))];
    case 'place':
      return [result.provenance.target.label];
  }
}

/** Nobody knows that of an import. */
const memoryOf = ({ memoryMb }: Kept['result']['variants'][number]): string[] =>
  memoryMb === null ? [] : [`${memoryMb} MB`];

/** All values of a filter, each once, in order. */
export function optionsOf(runs: readonly Kept[], filter: Filter): string[] {
  const values = new Set(runs.flatMap((run) => valuesOf(run, filter)));
  return [...values].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

export function matching(runs: readonly Kept[], { q, filters }: Address): Kept[] {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return runs.filter(
    (run) =>
      FILTERS.every(
        (filter) => filters[filter] === undefined || valuesOf(run, filter).includes(filters[filter]),
      ) && words.every((word) => textOf(run).includes(word)),
  );
}

const texts = new WeakMap<Kept, string>();

/** Everything about a run that a person might search for. */
function textOf(run: Kept): string {
  const known = texts.get(run);
  if (known !== undefined) return known;
  const { provenance, pairs } = run.result;
  const verdicts = pairs.map((pair) => headline(run.result, pair)).map(({ lead, rest }) => lead + rest);
  const parts = [
    run.folder,
    provenance.commit ?? '',
    provenance.createdAt,
    ...FILTERS.flatMap((filter) => valuesOf(run, filter)),
  ];
  const text = [...parts, ...verdicts].join(' ').toLowerCase();
  texts.set(run, text);
  return text;
}
