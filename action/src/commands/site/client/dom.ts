/** Elements from raw text: nothing here reads HTML. */

type Child = Node | string;
type Attributes = Readonly<Record<string, string>>;

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A table whose first column names its rows. */
export function tableOf(
  caption: string,
  columns: readonly { readonly header: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const head = columns.map(({ header, align }) => make('th', { scope: 'col', class: align }, header));
  const body = rows.map((cells) =>
    make(
      'tr',
      {},
      ...cells.map((cell, i) =>
        i === 0
          ? make('th', { scope: 'row' }, cell)
          : make('td', { class: columns[i]?.align ?? 'left' }, cell),
      ),
    ),
  );
  const table = make(
    'table',
    {},
    make('caption', {}, caption),
    make('thead', {}, make('tr', {}, ...head)),
    make('tbody', {}, ...body),
  );
  // Wider than a telephone: it scrolls by itself, by keyboard too.
  return make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, table);
}
