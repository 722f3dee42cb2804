/** Max Memory Used, beside what was configured. */
import type { Result, VariantResult } from '../../result.ts';
import { type Block, heading, paragraph } from '../blocks.ts';
import { percent } from '../units.ts';
import { variantTable } from '../variant-table.ts';
import { summaryOf } from '../words.ts';

export function memorySection({ variants }: Result): Block[] {
  const observed = variants.filter((variant) => (summary(variant)?.n ?? 0) > 0);
  if (observed.length === 0) return [];
  return [heading(2, 'Memory'), memoryTable(observed), paragraph(NOTE)];
}

/** Environments that live through several slots, as those of a soak, are observed in each. */
const NOTE =
  'An observation is the Max Memory Used of one environment in one slot: the highest since the environment began, in whole megabytes.';

function memoryTable(variants: readonly VariantResult[]): Block {
  return variantTable(variants, [
    { name: 'Observations', count: (variant) => summary(variant)?.n },
    { name: 'Configured, MB', count: ({ memoryMb }) => memoryMb },
    { name: 'Max Memory Used', quantity: 'MB', value: (variant) => summary(variant)?.value },
    { name: 'Median over slots', quantity: 'MB', value: (variant) => summary(variant)?.slotMedian },
    { name: 'Spread (IQR) of slots', quantity: 'MB', value: (variant) => summary(variant)?.slotSpread },
    { name: 'Used of configured', words: usedShare, align: 'right' },
  ]);
}

function summary(variant: VariantResult) {
  return summaryOf(variant, 'memory.max');
}

function usedShare(variant: VariantResult): string {
  const used = summary(variant)?.value ?? null;
  const { memoryMb } = variant;
  return percent(used === null || memoryMb === null || memoryMb <= 0 ? null : used / memoryMb);
}
