/** What each variant did, in numbers that compare nothing yet. */
import type { Result, VariantResult } from '../../result.ts';
import { type Block, heading, paragraph, picture } from '../blocks.ts';
import { distributionChart } from '../charts/distribution.ts';
import { measured } from '../units.ts';
import { variantTable } from '../variant-table.ts';
import { summaryOf } from '../words.ts';

export function variantSections(result: Result): Block[] {
  const { variants } = result;
  if (variants.length === 0) return [];
  return [
    heading(2, 'Variants'),
    requestTable(variants),
    ...distributionChart(result).map(picture),
    latencyTable(variants),
    paragraph(NOTE),
  ];
}

const NOTE =
  'Warm are the requests that the latencies below rest on: measured, answered, and past the warm-up of their environment. Duration is what Lambda reports for the invocation; client latency is what the caller waits, network and gateway included. Quantiles are over all warm requests of the run.';

function requestTable(variants: readonly VariantResult[]): Block {
  return variantTable(variants, [
    { name: 'Runtime', words: ({ runtime, architecture }) => `${runtime} ${architecture}` },
    { name: 'Requests', count: (variant) => variant.requests },
    { name: 'Warm', count: (variant) => variant.warmRequests },
    { name: 'Errors', count: (variant) => variant.errors },
    { name: 'Dropped', count: (variant) => variant.dropped },
    { name: 'No record', count: (variant) => variant.unmatched },
    { name: 'Environments', count: (variant) => variant.environments },
    { name: 'Requests/s', words: (variant) => measured(variant.throughput), align: 'right' },
  ]);
}

const QUANTILES = ['p50', 'p90', 'p95', 'p99'] as const;

function latencyTable(variants: readonly VariantResult[]): Block {
  const columns = [
    ...QUANTILES.map((q) => ({ id: `duration.${q}`, name: `Duration ${q}` })),
    ...QUANTILES.map((q) => ({ id: `client.${q}`, name: `Client ${q}` })),
  ];
  return variantTable(
    variants,
    columns.map(({ id, name }) => ({
      name,
      quantity: 'ms',
      value: (variant) => summaryOf(variant, id)?.value,
    })),
  );
}
