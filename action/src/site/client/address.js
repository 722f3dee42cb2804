/** What is shown, kept in the address after `#`, so that every view is a link. */
export const FILTERS = ['profile', 'variant', 'memory', 'place'];
export function parseAddress(hash) {
  const values = new URLSearchParams(hash.replace(/^#/, ''));
  const chosen = FILTERS.flatMap((filter) => {
    const value = values.get(filter);
    return value === null || value === '' ? [] : [[filter, value]];
  });
  return { q: values.get('q') ?? '', filters: Object.fromEntries(chosen), run: values.get('run') };
}
export function writeAddress({ q, filters, run }) {
  const values = new URLSearchParams();
  if (q !== '') values.set('q', q);
  for (const filter of FILTERS) if (filters[filter] !== undefined) values.set(filter, filters[filter]);
  if (run !== null) values.set('run', run);
  return `#${values}`;
}
