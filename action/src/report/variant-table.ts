/** The table with a row per variant; each column chooses one unit for all its rows. */
import type { VariantResult } from '../result.ts';
import { type Block, type Column, left, right, table } from './blocks.ts';
import { count, inOneUnit, type Quantity } from './units.ts';

type VariantColumn = MeasuredColumn | CountedColumn | WordColumn;

interface MeasuredColumn {
  readonly name: string;
  readonly quantity: Quantity;
  readonly value: (variant: VariantResult) => number | null | undefined;
}
interface CountedColumn {
  readonly name: string;
  readonly count: (variant: VariantResult) => number | null | undefined;
}
interface WordColumn {
  readonly name: string;
  readonly words: (variant: VariantResult) => string;
  readonly align?: 'right';
}

export function variantTable(variants: readonly VariantResult[], columns: readonly VariantColumn[]): Block {
  const filled = columns.map((column) => fill(variants, column));
  const rows = variants.map((variant, row) => [variant.name, ...filled.map(({ cells }) => cells[row] ?? '')]);
  return table([left('Variant'), ...filled.map(({ header }) => header)], rows);
}

function fill(
  variants: readonly VariantResult[],
  column: VariantColumn,
): { header: Column; cells: string[] } {
  if ('words' in column) {
    return {
      header: { header: column.name, align: column.align ?? 'left' },
      cells: variants.map(column.words),
    };
  }
  if ('count' in column) {
    return { header: right(column.name), cells: variants.map((variant) => count(column.count(variant))) };
  }
  const { unit, cells } = inOneUnit(column.quantity, variants.map(column.value));
  return { header: right(`${column.name}, ${unit}`), cells };
}
