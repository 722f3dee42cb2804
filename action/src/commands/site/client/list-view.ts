/** All runs: how they moved, and a row for each. */
import { trendChart } from '../../../report/charts/trend.ts';
import { distrust, headline } from '../../../report/sentences.ts';
import { moment, plural, shortHash } from '../../../report/units.ts';
import { listed } from '../../../report/words.ts';
import type { Kept } from '../kept.ts';
import { type Address, writeAddress } from './address.ts';
import { make, tableOf } from './dom.ts';
import { figureOf } from './figure.ts';
import { valuesOf } from './select.ts';

const DRAWN = 60;
const left = (header: string) => ({ header, align: 'left' as const });

export function listView(runs: readonly Kept[], all: number, address: Address): Node[] {
  const status = make('p', { role: 'status' }, `${plural(runs.length, 'run')} of ${all}`);
  if (runs.length === 0) return [status, make('p', {}, 'No run matches. Remove a word or a filter.')];
  return [
    status,
    ...trend(runs),
    tableOf(
      'Runs, newest first',
      COLUMNS,
      runs.map((run) => row(run, address)),
    ),
  ];
}

/** Of the runs that can be compared with the newest: the same place and the same memory. */
function trend(runs: readonly Kept[]): Node[] {
  const comparable = runs.filter(({ result }) => placeOf(result) === placeOf(runs[0]!.result));
  const results = comparable.slice(0, DRAWN).map(({ result }) => result);
  return trendChart(results.reverse(), 1).map(figureOf);
}

function placeOf({ provenance, variants }: Kept['result']): string {
  return `${provenance.target.label} ${variants.map(({ memoryMb, architecture }) => `${memoryMb} ${architecture}`)}`;
}

const COLUMNS = ['Time', 'Verdict', 'Commit', 'Profile', 'Memory', 'Where'].map(left);

function row(run: Kept, address: Address): (Node | string)[] {
  const { provenance, design } = run.result;
  const href = writeAddress({ ...address, run: run.folder });
  return [
    make('a', { href }, moment(provenance.createdAt)),
    verdictOf(run),
    shortHash(provenance.commit),
    design.profile,
    valuesOf(run, 'memory').join(', '),
    provenance.target.label,
  ];
}

function verdictOf({ result }: Kept): string {
  const doubt = distrust(result).length === 0 ? '' : 'Not to be trusted. ';
  const leads = result.pairs.map((pair) => headline(result, pair).lead);
  return `${doubt}${leads.length === 0 ? 'No pair was compared' : listed(leads)}`;
}
