/** Which colour is which: a swatch and a name each, in rows. */
import { fitting, SMALL, WIDTH, widthOf } from './frame.ts';
import { element, label } from './svg.ts';

const ROW = 20;
const SWATCH = 12;
const LONGEST = 200;
export function legend(entries, left, theme) {
  let [x, y] = [left, 4];
  const items = entries.map(({ name, colour }) => {
    const shown = fitting(name, LONGEST, SMALL);
    const width = SWATCH + 6 + widthOf(shown, SMALL + 2) + 18;
    if (x > left && x + width > WIDTH) [x, y] = [left, y + ROW];
    const item =
      element('rect', { x, y, width: SWATCH, height: SWATCH, rx: 2, fill: colour }) +
      label(x + SWATCH + 6, y + 11, shown, { 'font-size': SMALL, fill: theme.muted });
    x += width;
    return item;
  });
  return { height: y + ROW + 2, content: items.join('') };
}
