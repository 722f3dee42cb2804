/** SnapStart, said wherever starts are compared: with it a restore stands in the place of the init. */
import type { PairResult, Result, VariantResult } from '../../result.ts';
import { type Block, paragraph } from '../blocks.ts';
import { measured } from '../units.ts';
import { listed, variantOf } from '../words.ts';

export function isRestored(variant: VariantResult | undefined): boolean {
  return variant?.snapStart === true;
}

/** Names of the variants that have it. */
export function restoredNames(variants: readonly VariantResult[]): string[] {
  return variants.filter(isRestored).map(({ name }) => name);
}

/** What the cold starts of a pair are made of; nothing where both sides are initialised. */
export function startBlocks(result: Result, { base, head }: PairResult): Block[] {
  const isSideRestored = (name: string) => isRestored(variantOf(result, name));
  if (![base, head].some(isSideRestored)) return [];
  const part = (name: string) => `${isSideRestored(name) ? 'restore (SnapStart)' : 'init'} + first call`;
  return [paragraph(`Cold start of ${base}: ${part(base)}; of ${head}: ${part(head)}.`)];
}

/** What a table of cold starts says of those that were restored (Lambda developer guide, "When to use SnapStart"). */
export function restoreBlocks(variants: readonly VariantResult[]): Block[] {
  const names = restoredNames(variants);
  if (names.length === 0) return [];
  return [
    paragraph(
      `SnapStart is on for ${listed(names)}: environments are restored from a snapshot that was made when the version was published. Init is their Restore Duration, loading the snapshot included, and Total is restore plus first call. Each is among the first starts of its version; AWS says that SnapStart gains most at scale, and less where it is seldom used.`,
    ),
  ];
}

/** What snapshots cost; nothing where none is charged for. */
export function snapshotCosts(variants: readonly VariantResult[]): Block[] {
  const kept = variants.flatMap(({ name, cost }) =>
    cost?.snapshotPerHour === undefined ? [] : [`${name} ${measured(cost.snapshotPerHour)} USD`],
  );
  if (kept.length === 0) return [];
  return [
    paragraph(
      `With SnapStart, cold starts include the charge for every restore. What it costs to keep a snapshot is in no sum, because it goes by the hour and not by invocations: ${kept.join(', ')} an hour for each published version.`,
    ),
  ];
}
