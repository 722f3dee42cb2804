/** What each variant did, in numbers that compare nothing yet. */
import type { Result, VariantResult } from '../../result.ts';
import { type Block, heading, paragraph, picture } from '../blocks.ts';
import { distributionChart } from '../charts/distribution.ts';
import { measured, UNKNOWN } from '../units.ts';
import { variantTable } from '../variant-table.ts';
import { isImport, summaryOf } from '../words.ts';

export function variantSections(result: Result): Block[] {
  const { variants } = result;
  if (variants.length === 0) return [];
  if (isImport(result)) return [heading(2, 'Variants'), clientTable(variants), paragraph(CLIENT_NOTE)];
  return [
    heading(2, 'Variants'),
    requestTable(result),
    ...distributionChart(result).map(picture),
    latencyTable(variants),
    paragraph(NOTE),
  ];
}

const NOTE =
  'Warm are the requests that the latencies rest on: measured, answered, and past the warm-up of their environment; Warm/s is how many there were in a second of measuring. Duration is what Lambda reports for the invocation; client latency is what the caller waits, network and gateway included. Quantiles are over all warm requests of the run, those of pairs are medians over slots: they differ a little.';

function requestTable({ variants, warnings }: Result): Block {
  return variantTable(variants, [
    { name: 'Runtime', words: (variant) => runtimeOf(variant, warnings) },
    { name: 'Requests', count: (variant) => variant.requests },
    { name: 'Warm', count: (variant) => variant.warmRequests },
    { name: 'Errors', count: (variant) => variant.errors },
    { name: 'Dropped', count: (variant) => variant.dropped },
    { name: 'No record', count: (variant) => variant.unmatched },
    { name: 'Environments', count: (variant) => variant.environments },
    { name: 'Warm/s', words: (variant) => measured(variant.throughput), align: 'right' },
  ]);
}

/** `python3.13 x86_64, ran on 3.11.7`: what was asked for, and what the machine had instead. */
function runtimeOf(
  { runtime, architecture, snapStart }: VariantResult,
  warnings: Result['warnings'],
): string {
  const others = warnings
    .filter(({ code, data }) => code === 'runtime-not-emulated' && data.runtime === runtime)
    .map(({ data }) => data.ran);
  const ran = others.length === 0 ? '' : `, ran on ${[...new Set(others)].join(', ')}`;
  return `${runtime ?? UNKNOWN} ${architecture ?? UNKNOWN}${ran}${snapStart === true ? ', SnapStart' : ''}`;
}

const QUANTILES = ['p50', 'p90', 'p95', 'p99'] as const;

const CLIENT_NOTE =
  'Latencies are http_req_duration of the requests that succeeded, over the whole run: cold starts and warm-up are among them and cannot be told apart. Errors are what k6 called unexpected, or statuses other than 2xx and 3xx.';

/** Of an import: the columns that k6 alone can fill. */
function clientTable(variants: readonly VariantResult[]): Block {
  return variantTable(variants, [
    { name: 'Requests', count: (variant) => variant.requests },
    { name: 'Errors', count: (variant) => variant.errors },
    { name: 'Dropped', count: (variant) => variant.dropped },
    { name: 'Succeeded/s', words: (variant) => measured(variant.throughput), align: 'right' },
    ...QUANTILES.map((q) => latencyColumn(`client.${q}`, `Client ${q}`)),
  ]);
}

function latencyTable(variants: readonly VariantResult[]): Block {
  const columns = [
    ...QUANTILES.map((q) => ({ id: `duration.${q}`, name: `Duration ${q}` })),
    ...QUANTILES.map((q) => ({ id: `client.${q}`, name: `Client ${q}` })),
  ];
  return variantTable(
    variants,
    columns.map(({ id, name }) => latencyColumn(id, name)),
  );
}

function latencyColumn(id: string, name: string) {
  return {
    name,
    quantity: 'ms' as const,
    value: (variant: VariantResult) => summaryOf(variant, id)?.value,
  };
}
