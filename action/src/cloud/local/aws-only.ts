import { ConfigError } from '../../errors.ts';
import type { Variant } from '../../model.ts';

/** What is wrong with running these variants on the local cloud; null for nothing. */
export function awsOnly(variants: readonly Candidate[]): ConfigError | null {
  return snapStartOf(variants) ?? architecturesOf(variants);
}

type Candidate = Pick<Variant, 'name' | 'snapStart' | 'cellOf' | 'architecture'>;

function snapStartOf(variants: readonly Candidate[]): ConfigError | null {
  const names = variants.filter(({ snapStart }) => snapStart === true).map(({ name }) => name);
  if (names.length === 0) return null;
  return new ConfigError(
    `SnapStart (${names.join(', ')}) exists on AWS only: the local cloud has no snapshots to restore.`,
    'Run on AWS (--target aws), or choose other variants (--variants).',
  );
}

/** Both cells would be the same process, at two prices: the cheaper one would be recommended for what nobody measured. */
function architecturesOf(variants: readonly Candidate[]): ConfigError | null {
  const swept = variants.find(({ cellOf, architecture }) =>
    variants.some(
      (other) => cellOf !== undefined && other.cellOf === cellOf && other.architecture !== architecture,
    ),
  );
  if (swept === undefined) return null;
  return new ConfigError(
    `The matrix sweeps ${swept.cellOf} over x86_64 and arm64, and the local cloud would run both on this machine's own architecture.`,
    'Leave architecture out of the matrix, or run on AWS (--target aws).',
  );
}
