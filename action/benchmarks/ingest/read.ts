// A process of its own, so that its CPU and memory are its own: reads one file, prints requests and three quantiles.
import { closeSync, openSync } from 'node:fs';
import { quantileSorted, quickselect } from 'simple-statistics';
import { Column } from '../../src/collect/column.ts';
import { readOutput } from '../../src/commands/import/read-output.ts';
import { CsvScanner } from '../../src/load/csv.ts';

const [kind, path] = process.argv.slice(2) as ['k6' | 'lean-one' | 'lean-all', string];

const SHARES = [0.5, 0.95, 0.99];
const TIMINGS = ['blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving', 'failed'];
const ALL = [
  ...['http_reqs', 'client', 'data_sent', 'data_received', 'iteration_duration', 'iterations'],
  ...TIMINGS.map((name) => `http_req_${name}`),
];

/** Latencies in a lean CSV file, and the number of other values that were read beside them. */
function readLean(others: readonly string[]): Float64Array {
  const column = new Column();
  const sums = new Map<string, number>();
  const scanner = new CsvScanner(['http_req_duration', ...others], ({ metric, value }) => {
    if (metric === 'http_req_duration') column.push(value);
    else sums.set(metric, (sums.get(metric) ?? 0) + value);
  });
  const file = openSync(path, 'r');
  while (scanner.pull(file) > 0);
  closeSync(file);
  if (scanner.unreadable > 0) throw new Error(`${scanner.unreadable} lines could not be read`);
  return column.toArray();
}

async function latencies(): Promise<{ count: number; values: Float64Array }> {
  if (kind === 'lean-one') return whole(readLean([]));
  if (kind === 'lean-all') return whole(readLean(ALL));
  const { series } = await readOutput(path, null, new AbortController().signal);
  const slots = series.slots({ variant: 'a', position: 0, blockMs: Number.MAX_SAFE_INTEGER, originMs: 0 });
  return { count: series.requests, values: slots[0]!.warm.clientMs };
}

const whole = (values: Float64Array) => ({ count: values.length, values });

const { count, values } = await latencies();
const numbers = values as unknown as number[];
process.stdout.write(`${[count, ...SHARES.map(quantileOf)].join(' ')}\n`);

/** Puts what would stand there if it were sorted at the two places that the quantile lies between. */
function quantileOf(share: number): number {
  const last = values.length - 1;
  quickselect(numbers, Math.floor(last * share), 0, last);
  quickselect(numbers, Math.ceil(last * share), Math.floor(last * share), last);
  return quantileSorted(numbers, share);
}
