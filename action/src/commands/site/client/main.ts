/** The page's entry: reads the data in it and shows what the address says, again whenever that changes. */
import { type Address, parseAddress, writeAddress } from './address.ts';
import { controls, themeButton } from './controls.ts';
import { siteData, wholeRun } from './data.ts';
import { make } from './dom.ts';
import { showValues } from './figure.ts';
import { listView } from './list-view.ts';
import { runView } from './run-view.ts';
import { matching } from './select.ts';

const { runs, base } = siteData();
const form = make('div');
const view = make('main', { id: 'view' });
const header = make('header', {}, make('h1', {}, 'Benchmark reports'), themeButton(show));
document.getElementById('page')?.append(header, form, view);
showValues();
showAll();
addEventListener('hashchange', () => {
  showAll();
  // Where a new page would begin to be read.
  view.querySelector('h2')?.focus();
});
addEventListener('keydown', ({ key }) => {
  const address = parseAddress(location.hash);
  if (key === 'Escape' && address.run !== null) location.hash = writeAddress({ ...address, run: null });
});

function showAll(): void {
  const address = parseAddress(location.hash);
  form.replaceChildren(...(address.run === null ? [controls(runs, address, choose)] : []));
  show();
}

/** Without a step in the history for every keystroke, and without a `hashchange` that would take the focus away. */
function choose(address: Address): void {
  history.replaceState(null, '', writeAddress(address));
  show();
}

function show(): void {
  const address = parseAddress(location.hash);
  const chosen = address.run === null ? null : wholeRun(runs, address.run);
  document.title = chosen === null ? 'Benchmark reports' : `${chosen.folder} - Benchmark reports`;
  if (chosen !== null) view.replaceChildren(...runView(chosen, base, address));
  else view.replaceChildren(...listView(matching(runs, address), runs.length, address));
}
