/** The search field, the filters and the choice of colours. */
import type { Kept } from '../kept.ts';
import { type Address, FILTERS, type Filter } from './address.ts';
import { make } from './dom.ts';
import { themeName } from './figure.ts';
import { optionsOf } from './select.ts';

const NAMES: Readonly<Record<Filter, string>> = {
  profile: 'Profile',
  variant: 'Variant',
  memory: 'Memory',
  place: 'Where',
};

/** @param change is told what the person chose; called at every keystroke */
export function controls(
  runs: readonly Kept[],
  { q, filters }: Address,
  change: (next: Address) => void,
): HTMLElement {
  const search = make('input', { type: 'search', id: 'q', value: q, placeholder: 'commit, date, verdict' });
  const selects = FILTERS.map((filter) => [filter, select(runs, filter, filters[filter] ?? '')] as const);
  const read = () => {
    const chosen = selects
      .filter(([, { value }]) => value !== '')
      .map(([filter, { value }]) => [filter, value]);
    change({ q: search.value, filters: Object.fromEntries(chosen), run: null });
  };
  const form = make(
    'form',
    { role: 'search' },
    make('label', {}, 'Search ', search),
    ...selects.map(([filter, element]) => make('label', {}, `${NAMES[filter]} `, element)),
  );
  form.addEventListener('input', read);
  form.addEventListener('submit', (event) => event.preventDefault());
  return form;
}

function select(runs: readonly Kept[], filter: Filter, chosen: string): HTMLSelectElement {
  const options = optionsOf(runs, filter).map((value) => make('option', { value }, value));
  const element = make('select', {}, make('option', { value: '' }, 'all'), ...options);
  element.value = chosen;
  return element;
}

/** Offers the other colours than those that are shown; both follow the reader's system until it is pressed. */
export function themeButton(redraw: () => void): HTMLElement {
  const button = make('button', { type: 'button' });
  const other = () => (themeName() === 'dark' ? 'light' : 'dark');
  const follow = () => {
    button.textContent = `Use ${other()} colours`;
    redraw();
  };
  button.addEventListener('click', () => {
    document.documentElement.dataset.theme = other();
    follow();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', follow);
  button.textContent = `Use ${other()} colours`;
  return button;
}
