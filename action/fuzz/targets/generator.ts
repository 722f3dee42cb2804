/** The load generator's rows, as they come through a pipe. */
import fc from 'fast-check';
import { CsvScanner } from '../../src/load/csv.ts';
import { SampleReader } from '../../src/load/sample.ts';
import type { Sample } from '../../src/model.ts';
import { chunked, cuts, damagedText } from '../damage.ts';
import { must, orRefusal, type Target, target } from '../target.ts';

const HEADER = 'metric_name,timestamp,metric_value,scenario,extra_tags,metadata';

export interface Request {
  readonly scenario: string;
  readonly timeUs: number;
  readonly micros: number;
  readonly status: number;
  readonly requestId: string;
  readonly timing: string;
}

export const requests = (): fc.Arbitrary<Request> =>
  fc.record({
    scenario: fc.constantFrom('0_warm-up_a', '3_measured_rust-512', '12_measured_b'),
    timeUs: fc.integer({ min: 1.6e15, max: 1.9e15 }),
    micros: fc.nat(60_000_000),
    status: fc.constantFrom(200, 500, 0, 429),
    requestId: fc.string({ maxLength: 8 }),
    timing: fc.constantFrom('', 's3;dur=1.25, total;dur=4.75', 'total;desc="a, b";dur=2', 'total;dur=x'),
  });

/** As k6 writes it: RFC 4180, quotes where they are needed. */
export function rowOf({ scenario, timeUs, micros, status, requestId, timing }: Request): string {
  const metadata = `request=${[status, encodeURIComponent(requestId.toWellFormed()), 'env-1', 1, timing].join('|')}`;
  const quoted = /[",]/.test(metadata) ? `"${metadata.replaceAll('"', '""')}"` : metadata;
  return `client,${timeUs},${(micros / 1e6).toFixed(6)},${scenario},,${quoted}`;
}

const OTHERS = [
  'dropped_iterations,1795516008147148,3.000000,3_measured_b,,',
  'http_reqs,1795516008147148,1.000000,0_warm-up_a,,',
  'vus,1795516008147148,4.000000,,,',
  HEADER,
];

/** Rows: whole ones, of other metrics, damaged ones. */
export const rows = (): fc.Arbitrary<string[]> =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: requests().map(rowOf) },
      { weight: 1, arbitrary: fc.constantFrom(...OTHERS) },
      { weight: 3, arbitrary: damagedText(requests().map(rowOf)) },
    ),
    { maxLength: 12 },
  );

export function generatorTargets(): Target[] {
  return [
    target('k6-csv', 300, fc.tuple(rows(), cuts()), async ([lines, cutsAt]) => {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      const whole = await orRefusal(() => read([bytes]));
      const parts = await orRefusal(() => read(chunked(bytes, cutsAt)));
      must(JSON.stringify(parts) === JSON.stringify(whole), 'chunks change nothing');
      if (whole !== null) accountsForAll(bytes, whole);
    }),
    target(
      'k6-csv-whole-rows',
      200,
      fc.tuple(fc.array(requests(), { maxLength: 8 }), cuts()),
      ([given, cutsAt]) => {
        const { samples, unreadable } = read(
          chunked(Buffer.from(given.map((one) => `${rowOf(one)}\n`).join('')), cutsAt),
        );
        must(unreadable === 0 && samples.length === given.length, 'whole rows are read');
        for (const [index, { status, timeUs, micros, requestId }] of given.entries()) {
          const sample = samples[index]!;
          must(sample.status === status && sample.endMs === timeUs / 1000, 'as they are');
          must(
            sample.clientMs === micros / 1e6 && sample.requestId === requestId.toWellFormed(),
            'as they are',
          );
        }
      },
    ),
  ];
}

interface Reading {
  readonly samples: Sample[];
  readonly unreadable: number;
}

function read(chunks: readonly Buffer[]): Reading {
  const samples: Sample[] = [];
  const reader = new SampleReader();
  let strange = 0;
  const scanner = new CsvScanner(['client'], (row) => {
    const sample = reader.read(row);
    if (sample === null) strange++;
    else samples.push(sample);
  });
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return { samples, unreadable: scanner.unreadable + strange };
}

/** A line that is no row of another metric, nor the header, is a sound sample or is counted. */
function accountsForAll(bytes: Buffer, { samples, unreadable }: Reading): void {
  const lines = bytes.toString('latin1').split('\n').slice(0, -1);
  const others = lines.filter((line) =>
    /^(?!client,)(http_|iterat|dropped_|group_|checks|data_|vus|metric_name)/.test(line),
  );
  must(samples.length + unreadable <= lines.length, 'no line counts twice');
  must(samples.length + unreadable >= lines.length - others.length, 'no line is lost');
  for (const sample of samples) isSound(sample);
}

export function isSound(sample: Sample): void {
  const { endMs, clientMs, status, invocation, block, s3Ms, dynamodbMs, handlerMs } = sample;
  must(Number.isFinite(endMs) && Number.isSafeInteger(block), 'a sample has a time and a block');
  must(Number.isFinite(clientMs) && clientMs >= 0, 'a latency is a finite number');
  must(
    Number.isInteger(status) && (status === 0 || (status >= 100 && status < 1000)),
    'a status is one of HTTP',
  );
  must(Number.isSafeInteger(invocation) && invocation >= 0, 'an invocation is counted');
  for (const ms of [s3Ms, dynamodbMs, handlerMs])
    must(ms === null || Number.isFinite(ms), 'a step takes finite time');
}
