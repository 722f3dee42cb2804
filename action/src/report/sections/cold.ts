/** Cold starts: what the first caller of a new execution environment waits. */
import type { Result, VariantResult } from '../../result.ts';
import { type Block, heading, paragraph, picture } from '../blocks.ts';
import { coldChart } from '../charts/cold.ts';
import { variantTable } from '../variant-table.ts';
import { isLocal } from '../words.ts';
import { isRestored, restoreBlocks } from './snap-start.ts';

type Part = 'initMs' | 'firstCallMs' | 'totalMs';

const PARTS: readonly (readonly [Part, string])[] = [
  ['initMs', 'Init'],
  ['firstCallMs', 'First call'],
  ['totalMs', 'Total'],
];
const STATISTICS = ['p50', 'p95', 'max'] as const;

export function coldSection(result: Result): Block[] {
  const { variants } = result;
  if (variants.every(({ cold }) => cold.n === 0)) return [];
  return [
    heading(2, 'Cold starts'),
    ...coldChart(result).map(picture),
    coldTable(variants),
    paragraph(NOTE + bytecode(variants)),
    ...(isLocal(result) ? [paragraph(LOCAL)] : []),
    ...restoreBlocks(variants),
  ];
}

const NOTE =
  'n is the number of environments that were started. Total is init plus first call of the same environment; quantiles of the parts need not add up to it. The time the platform takes to find a machine is in none of them.';
const LOCAL =
  'In this local cloud a start is that of a process whose package lies unpacked on the disk and was read before. AWS also starts a microVM, loads the package, and opens connections by TLS.';

/** What a reader would otherwise take for the language's own slowness. */
function bytecode(variants: readonly VariantResult[]): string {
  const initialised = variants.filter((variant) => !isRestored(variant));
  const built = initialised.filter(({ build }) => build === 'python').map(({ name }) => name);
  if (built.length === 0) return '';
  return (
    ` Packages of ${built.join(', ')} hold source without bytecode, as AWS advises and ` +
    'pip for another platform makes them: every init compiles what it imports.'
  );
}

function coldTable(variants: readonly VariantResult[]): Block {
  return variantTable(variants, [
    { name: 'n', count: ({ cold }) => cold.n },
    ...PARTS.flatMap(([part, name]) =>
      STATISTICS.map((statistic) => ({
        name: `${name} ${statistic}`,
        quantity: 'ms' as const,
        value: ({ cold }: VariantResult) => cold[part]?.[statistic],
      })),
    ),
  ]);
}
