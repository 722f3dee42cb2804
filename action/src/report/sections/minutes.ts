/** The run minute by minute, for runs long enough that something may have crept in. */
import type { Result, VariantResult } from '../../result.ts';
import { type Block, details, heading, paragraph, picture, right, table } from '../blocks.ts';
import { hasMinutes, minutesChart } from '../charts/minutes.ts';
import { count, inOneUnit, plural } from '../units.ts';
import { latencyWord } from '../words.ts';

export function minutesSection(result: Result): Block[] {
  if (!hasMinutes(result)) return [];
  const told = result.variants.filter((variant) => variant.perMinute.length > 0);
  return [
    heading(2, 'Minute by minute'),
    ...minutesChart(result).map(picture),
    paragraph(NOTE),
    ...told.map((variant) => minuteDetails(variant, latencyWord(result))),
  ];
}

/** Blocks are hardly longer than a minute, and what a slot sent is counted as one. */
const NOTE =
  'Requests, errors and memory count in the minute in which their slot began, latencies in the one in which a request ended.';

function minuteDetails(variant: VariantResult, latency: string): Block {
  return details(`${variant.name}: ${plural(variant.perMinute.length, 'minute')}`, [
    minuteTable(variant, latency),
  ]);
}

function minuteTable({ perMinute }: VariantResult, latency: string): Block {
  const quantiles = (['p50', 'p95', 'p99'] as const).map((q) => ({
    q,
    ...inOneUnit(
      'ms',
      perMinute.map((m) => m[q]),
    ),
  }));
  const memory = inOneUnit(
    'MB',
    perMinute.map((minute) => minute.maxMemoryMb),
  ).cells;
  const columns = [
    right('Minute'),
    right('Requests'),
    right('Errors'),
    ...quantiles.map(({ q, unit }) => right(`${latency} ${q}, ${unit}`)),
    right('Max memory, MB'),
  ];
  const rows = perMinute.map(({ minute, requests, errors }, row) => [
    count(minute),
    count(requests),
    count(errors),
    ...quantiles.map(({ cells }) => cells[row] ?? ''),
    memory[row] ?? '',
  ]);
  return table(columns, rows);
}
