/**
 * An interval as a strip of characters on a logarithmic scale that is symmetric about "the same" (`│`):
 * `   ├──●──┤      │          `. Strips of one scale are comparable by eye.
 */
import type { Comparison } from '../result.ts';
import { known } from './units.ts';

export interface Scale {
  /** ln ratio at the right edge; its negative is at the left. */
  readonly reach: number;
  /** Characters. */
  readonly width: number;
}

/** Wide enough for every bound of the comparisons, and never so fine that noise looks like a finding. */
export function scaleFor(comparisons: readonly Comparison[], width: number): Scale {
  const bounds = comparisons.flatMap(({ estimate, lo, hi }) => [estimate, lo, hi]).filter(known);
  const reach = Math.max(Math.log(1.1), ...bounds.map(Math.abs));
  // An odd width has a middle.
  return { reach: Math.min(reach, Math.log(1e6)), width: width % 2 === 0 ? width - 1 : width };
}

export function strip(comparison: Comparison, scale: Scale): string {
  const cells = Array.from({ length: scale.width }, () => ' ');
  cells[(scale.width - 1) / 2] = '│';
  const { estimate, lo, hi } = comparison;
  if (!known(estimate)) return cells.join('');
  if (known(lo) && known(hi)) drawInterval(cells, position(lo, scale), position(hi, scale));
  cells[position(estimate, scale)] = '●';
  return cells.join('');
}

function drawInterval(cells: string[], from: number, to: number): void {
  for (let cell = from; cell <= to; cell++) cells[cell] = cells[cell] === '│' ? '┼' : '─';
  if (to - from < 2) return;
  cells[from] = '├';
  cells[to] = '┤';
}

function position(log: number, { reach, width }: Scale): number {
  const share = Math.max(-1, Math.min(1, log / reach));
  return Math.round(((share + 1) / 2) * (width - 1));
}
