/** One run: its verdicts, its pictures, and the numbers of each pair. */
import { chartsOf } from '../../../report/charts/charts.ts';
import { runLine } from '../../../report/run-line.ts';
import { title, trustLine } from '../../../report/sections/opening.ts';
import { metricColumns, metricRows } from '../../../report/sections/pair-table.ts';
import { distrust, gateTally, headline, type Sentence } from '../../../report/sentences.ts';
import { moment } from '../../../report/units.ts';
import { pairName } from '../../../report/words.ts';
import type { Kept } from '../kept.ts';
import { type Address, writeAddress } from './address.ts';
import { make, tableOf } from './dom.ts';
import { figureOf } from './figure.ts';

export function runView({ folder, result }: Kept, base: string, address: Address): Node[] {
  const { provenance, warnings, pairs } = result;
  const links = make(
    'p',
    {},
    make('a', { href: writeAddress({ ...address, run: null }) }, 'All runs'),
    ' · ',
    make('a', { href: `${base}/${folder}/report.md` }, 'Full report'),
  );
  return [
    links,
    make('h2', { tabindex: '-1' }, `${title(result)} (${provenance.target.label})`),
    make('p', {}, `${moment(provenance.createdAt)}. ${runLine(result)}. ${trustLine(result)}`),
    ...distrust(result).map(sentence),
    ...pairs.map((pair) => {
      const { lead, rest } = headline(result, pair);
      return sentence({ lead, rest: `${rest} ${gateTally(pair)}` });
    }),
    make('div', { class: 'figures' }, ...chartsOf(result).map(figureOf)),
    ...pairs.map((pair) =>
      tableOf(`Metrics of ${pairName(pair)}`, metricColumns(pair), metricRows(result, pair)),
    ),
    ...(warnings.length === 0
      ? []
      : [
          make('h3', {}, 'Warnings'),
          make('ul', {}, ...warnings.map(({ message }) => make('li', {}, message))),
        ]),
  ];
}

function sentence({ lead, rest }: Sentence): HTMLElement {
  return make('p', {}, make('strong', {}, lead), rest);
}
