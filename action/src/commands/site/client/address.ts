/** What is shown, kept in the address after `#`, so that every view is a link. */

export const FILTERS = ['profile', 'variant', 'memory', 'place'] as const;
export type Filter = (typeof FILTERS)[number];

export interface Address {
  /** Words that a run must contain. */
  readonly q: string;
  readonly filters: Readonly<Partial<Record<Filter, string>>>;
  /** Folder of the run that is shown; null for the list. */
  readonly run: string | null;
}

export function parseAddress(hash: string): Address {
  const values = new URLSearchParams(hash.replace(/^#/, ''));
  const chosen = FILTERS.flatMap((filter) => {
    const value = values.get(filter);
    return value === null || value === '' ? [] : [[filter, value] as const];
  });
  return { q: values.get('q') ?? '', filters: Object.fromEntries(chosen), run: values.get('run') };
}

export function writeAddress({ q, filters, run }: Address): string {
  const values = new URLSearchParams();
  if (q !== '') values.set('q', q);
  for (const filter of FILTERS) if (filters[filter] !== undefined) values.set(filter, filters[filter]);
  if (run !== null) values.set('run', run);
  return `#${values}`;
}
