/** List prices, USD, by region. Secondary sources, dated: they age. Nothing here was read off a bill. */
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
}

export const PRICES: Readonly<Record<string, PriceTable>> = {
  'us-east-1': {
    dated: '2026-11',
    source:
      'AWS public list prices by secondary sources, not verified against a bill (S3 and log prices least of all)',
    gbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
    lambdaRequest: 0.2 / 1e6,
    s3Put: 0.005 / 1000,
    dynamodbWriteUnit: 0.625 / 1e6,
    logsGb: 0.5,
  },
};

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
