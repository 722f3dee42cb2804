/** Where the time goes: the parts of what a caller waits. */
import type { Attribution, Result, VariantResult } from '../../result.ts';
import { type Block, heading, paragraph, picture } from '../blocks.ts';
import { attributionChart } from '../charts/attribution.ts';
import { percent, UNKNOWN } from '../units.ts';
import { variantTable } from '../variant-table.ts';

const PARTS: readonly (readonly [keyof Attribution, string])[] = [
  ['networkMs', 'Network and gateway'],
  ['s3Ms', 'S3'],
  ['dynamodbMs', 'DynamoDB'],
  ['ownMs', 'Own compute'],
  ['clientMs', 'Client latency'],
];

export function attributionSection(result: Result): Block[] {
  const attributed = result.variants.filter((variant) => variant.attribution !== null);
  if (attributed.length === 0) return [];
  return [
    heading(2, 'Where the time goes'),
    ...attributionChart(result).map(picture),
    partTable(attributed),
    paragraph(NOTE),
  ];
}

const NOTE =
  'Means over warm requests; the four parts add up to the client latency. S3 and DynamoDB are the calls as the handler sees them: the service, the way to it, and what the SDK computes for it. Own compute is Duration less both. CPU is processor time of the function per invocation, in whichever part it was spent, what it does after its answer included: the number that the language and its SDK decide, and that a busy machine disturbs least. Its share of Duration says how much of an invocation is computing; the rest is waiting for other services or for a processor.';

function partTable(variants: readonly VariantResult[]): Block {
  return variantTable(variants, [
    ...PARTS.map(([part, name]) => ({
      name,
      quantity: 'ms' as const,
      value: ({ attribution }: VariantResult) => attribution?.[part],
    })),
    { name: 'CPU per invocation', quantity: 'ms', value: ({ attribution }) => attribution?.cpuMs },
    { name: 'CPU share of Duration', words: cpuShare, align: 'right' },
  ]);
}

/** What is left of it is waiting; above 1 where threads compute side by side, or after the answer. */
function cpuShare({ attribution }: VariantResult): string {
  if (attribution === null || attribution.cpuMs === null) return UNKNOWN;
  const durationMs = attribution.clientMs - attribution.networkMs;
  return percent(durationMs > 0 ? attribution.cpuMs / durationMs : null);
}
