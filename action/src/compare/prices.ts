/** List prices, USD. Secondary sources, dated: they age. Nothing here was read off a bill. */
export interface PriceTable {
  readonly dated: string;
  readonly source: string;
  /** Per GB-second of Lambda compute, by architecture. */
  readonly gbSecond: Readonly<Record<'x86_64' | 'arm64', number>>;
  readonly lambdaRequest: number;
  readonly s3Put: number;
  readonly dynamodbWriteUnit: number;
  /** Per GB of log ingestion. */
  readonly logsGb: number;
}

export const PRICES: Readonly<Record<string, PriceTable>> = {
  'us-east-1': {
    dated: '2026-11-01',
    source: 'AWS public price lists by secondary sources, not verified against a bill',
    gbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 },
    lambdaRequest: 0.2 / 1e6,
    s3Put: 0.005 / 1000,
    dynamodbWriteUnit: 0.625 / 1e6,
    logsGb: 0.5,
  },
};

/**
 * Bytes of platform log records an invocation ingests in JSON format: platform.start (about 160) and platform.report
 * (about 300), each plus CloudWatch's 26 bytes an event. A derivation from the documented record shapes, not a measurement.
 */
export const LOG_BYTES_PER_INVOCATION = 512;
