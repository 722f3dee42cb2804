import type { Variant } from '../../model.ts';

/**
 * List prices, USD, by region, before any free tier. AWS's price list is public but was not to be reached from here: each
 * figure is one that others copied from it, so they are dated, sourced, and meant for planning. Nothing was read off a
 * bill. A region is here when every component has a source.
 */
export interface PriceTable {
  /** ISO 8601, as precise as the source. */
  readonly dated: string;
  readonly source: string;
  /** Per GB-second of Lambda compute, by architecture. */
  readonly gbSecond: Readonly<Record<'x86_64' | 'arm64', number>>;
  readonly lambdaRequest: number;
  readonly s3Put: number;
  readonly dynamodbWriteUnit: number;
  /** Per GB (1e9 bytes) of log ingestion. */
  readonly logsGb: number;
  /** SnapStart: for a snapshot by GB of memory and second that it is kept, and by GB that is restored; null without a source. */
  readonly snapshots: { readonly keptGbSecond: number; readonly restoredGb: number } | null;
}

/** Lambda charges the same in all of these (price list, offer AWSLambda of 2026-09-19; aws-lambda-power-tuning, `baseCosts`). */
const LAMBDA = { gbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 }, lambdaRequest: 0.2 / 1e6 };

/**
 * us-east-1, the same whatever the architecture (price list of 2025-10-01; offer AWSLambda of 2026-09-19; both by others).
 * ap-northeast-2 costs a fifth more, so that a region whose prices nobody told is not taken to share them.
 */
const SNAPSHOTS = { keptGbSecond: 0.0000015046, restoredGb: 0.0001397998 };

/** Snapshots are charged for, but for those of Java's managed runtimes (Lambda developer guide, "SnapStart pricing"). */
export function chargesForSnapshots({ runtime, snapStart }: Pick<Variant, 'runtime' | 'snapStart'>): boolean {
  return snapStart === true && !runtime.startsWith('java');
}

export const PRICES: Readonly<Record<string, PriceTable>> = {
  'us-east-1': {
    dated: '2026-11',
    source:
      'AWS public list prices by secondary sources, not verified against a bill (S3 and log prices least of all)',
    ...LAMBDA,
    s3Put: 0.005 / 1000,
    dynamodbWriteUnit: 0.625 / 1e6,
    logsGb: 0.5,
    snapshots: SNAPSHOTS,
  },
  'us-east-2': likeVirginia('us-east-2'),
  'us-west-2': likeVirginia('us-west-2'),
  'eu-west-1': {
    dated: '2026-11',
    source:
      'AWS public list prices of eu-west-1 by one secondary source that checked each, not verified against a bill',
    ...LAMBDA,
    s3Put: 0.005 / 1000,
    dynamodbWriteUnit: 0.705 / 1e6,
    logsGb: 0.57,
    snapshots: null,
  },
  'eu-central-1': {
    dated: '2026-08',
    source:
      'AWS public list prices of eu-central-1 by secondary sources (S3: price list of 2026-08-31; DynamoDB: 2024; logs: 2025), not verified against a bill',
    ...LAMBDA,
    s3Put: 0.0054 / 1000,
    dynamodbWriteUnit: 0.7625 / 1e6,
    logsGb: 0.63,
    snapshots: null,
  },
};

/** AWS's three cheapest regions share their prices for all that is used here. */
function likeVirginia(region: string): PriceTable {
  return {
    dated: '2026-11',
    source: `AWS public list prices of us-east-1, which ${region} is taken to share, by secondary sources, not verified against a bill`,
    ...LAMBDA,
    s3Put: 0.005 / 1000,
    dynamodbWriteUnit: 0.625 / 1e6,
    logsGb: 0.5,
    snapshots: SNAPSHOTS,
  };
}

/**
 * The platform records a warm invocation writes in Lambda's JSON log format, with typical values; the functions
 * themselves log nothing. Their length is the assumption, not a measurement.
 */
const RECORDS = [
  '{"time":"2026-11-24T12:00:00.000Z","type":"platform.start","record":{"requestId":"00000000-0000-4000-8000-000000000000","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:benchmark-variant","version":"$LATEST"}}',
  '{"time":"2026-11-24T12:00:00.000Z","type":"platform.report","record":{"requestId":"00000000-0000-4000-8000-000000000000","metrics":{"durationMs":12.345,"billedDurationMs":13,"memorySizeMB":1769,"maxMemoryUsedMB":100},"status":"success"}}',
];

/** CloudWatch counts 26 bytes of its own for every event (PutLogEvents). */
const EVENT_OVERHEAD_BYTES = 26;

/** Bytes of log ingestion an invocation; about half a kilobyte. */
export const LOG_BYTES_PER_INVOCATION = RECORDS.reduce(
  (bytes, record) => bytes + record.length + EVENT_OVERHEAD_BYTES,
  0,
);
