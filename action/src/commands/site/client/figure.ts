/** A chart in the page: the same picture as in the report, in the colours of the page, with values under the pointer. */
import { type Chart, renderChart } from '../../../report/charts/frame.ts';
import { THEMES } from '../../../report/charts/theme.ts';
import { make } from './dom.ts';

export function figureOf(chart: Chart): HTMLElement {
  const theme = THEMES.find(({ name }) => name === themeName()) ?? THEMES[0]!;
  const figure = make('figure');
  const parsed = new DOMParser().parseFromString(renderChart(chart, theme), 'image/svg+xml');
  figure.append(document.importNode(parsed.documentElement, true));
  for (const title of figure.querySelectorAll('title')) {
    title.parentElement?.setAttribute('data-value', title.textContent ?? '');
    title.remove();
  }
  return figure;
}

export function themeName(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** One bubble for the whole page; the tables say the same to who has no pointer. */
export function showValues(): void {
  const bubble = make('div', { class: 'bubble', 'aria-hidden': 'true' });
  document.body.append(bubble);
  document.addEventListener('pointermove', ({ target, clientX, clientY }) => {
    const mark = target instanceof Element ? target.closest('[data-value]') : null;
    bubble.textContent = mark?.getAttribute('data-value') ?? '';
    bubble.style.translate = `${Math.min(clientX + 14, innerWidth - bubble.offsetWidth - 8)}px ${clientY + 18}px`;
  });
}
