import { ConfigError } from '../../errors.ts';
import type { Variant } from '../../model.ts';

/** What is wrong with running these variants on the local cloud; null for nothing. */
export function awsOnly(variants: readonly Pick<Variant, 'name' | 'snapStart'>[]): ConfigError | null {
  const names = variants.filter(({ snapStart }) => snapStart === true).map(({ name }) => name);
  if (names.length === 0) return null;
  return new ConfigError(
    `SnapStart (${names.join(', ')}) exists on AWS only: the local cloud has no snapshots to restore.`,
    'Run on AWS (--target aws), or choose other variants (--variants).',
  );
}
