/** What was deployed, and what it took to build it. */
import type { Result } from '../../result.ts';
import { type Block, heading } from '../blocks.ts';
import { shortHash } from '../units.ts';
import { variantTable } from '../variant-table.ts';

export function artifactSection({ variants }: Result): Block[] {
  const built = variants.filter(({ artifact }) => artifact !== null);
  if (built.length === 0) return [];
  return [
    heading(2, 'Artefacts'),
    variantTable(built, [
      { name: 'Zipped', quantity: 'bytes', value: ({ artifact }) => artifact?.zippedBytes },
      { name: 'Unzipped', quantity: 'bytes', value: ({ artifact }) => artifact?.unzippedBytes },
      { name: 'Build', quantity: 's', value: ({ artifact }) => artifact?.buildSeconds },
      { name: 'SHA-256', words: ({ artifact }) => shortHash(artifact?.sha256 ?? null) },
      { name: 'Flags', words: ({ artifact }) => artifact?.flags.join(' ') ?? '' },
    ]),
  ];
}
