import { type ColumnSource, fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { Records } from '../collect/records.ts';
import type { Invocation, LoadRun, Sample } from '../model.ts';
import { renamed } from './files.ts';

/** Name of the file. */
export const SAMPLES = 'samples.parquet';

/** One request, as the client and the platform saw it. A platform's value is null where there is no record of it. */
export interface SampleRow {
  readonly block: number;
  readonly variant: string;
  /** `warm-up` or `measured`. */
  readonly phase: string;
  /** End of the request, ms since the epoch by the generator's clock. */
  readonly end_ms: number;
  readonly client_ms: number;
  /** HTTP status; 0 when there was no response. */
  readonly status: number;
  readonly request_id: string;
  readonly environment: string;
  /** 1 is the environment's cold invocation; 0 when the function does not tell. */
  readonly invocation: number;
  readonly s3_ms: number | null;
  readonly dynamodb_ms: number | null;
  readonly handler_ms: number | null;
  readonly duration_ms: number | null;
  readonly billed_ms: number | null;
  readonly init_ms: number | null;
  readonly max_memory_mb: number | null;
  readonly cpu_ms: number | null;
}

const TYPES: Readonly<Record<keyof SampleRow, NonNullable<ColumnSource['type']>>> = {
  ...{ block: 'INT32', variant: 'STRING', phase: 'STRING', end_ms: 'DOUBLE', client_ms: 'DOUBLE' },
  ...{ status: 'INT32', request_id: 'STRING', environment: 'STRING', invocation: 'INT32' },
  ...{ s3_ms: 'DOUBLE', dynamodb_ms: 'DOUBLE', handler_ms: 'DOUBLE', duration_ms: 'DOUBLE' },
  ...{ billed_ms: 'DOUBLE', init_ms: 'DOUBLE', max_memory_mb: 'DOUBLE', cpu_ms: 'DOUBLE' },
};

const MAY_BE_UNKNOWN = /^(s3|dynamodb|handler|duration|billed|init|max_memory|cpu)_/;

/** Rows that are held at once. */
const ROW_GROUP = 50_000;

/**
 * Writes `samples.parquet` into a folder: every request of the run, in the order of their ends, whole or not at all. Rows
 * go to the disk group by group, so that memory does not grow with the run.
 *
 * @throws PublishError
 */
export async function writeSamples(
  outDir: string,
  run: Pick<LoadRun, 'samples'>,
  invocations: Iterable<Invocation>,
): Promise<void> {
  const columns = Object.entries(TYPES).map(([name, type]) => ({
    name,
    type,
    nullable: MAY_BE_UNKNOWN.test(name),
  }));
  const rows = rowsOf(run.samples, invocations);
  await renamed(outDir, SAMPLES, async (draft) => {
    await parquetWriteRows({ writer: fileWriter(draft), rows, columns, rowGroupSize: ROW_GROUP });
  });
}

function* rowsOf(samples: Iterable<Sample>, invocations: Iterable<Invocation>): Generator<SampleRow> {
  using records = new Records(invocations);
  for (const sample of samples) yield rowOf(sample, records.take(sample.requestId)?.invocation);
}

function rowOf(sample: Sample, record: Invocation | undefined): SampleRow {
  return {
    block: sample.block,
    variant: sample.variant,
    phase: sample.phase,
    end_ms: sample.endMs,
    client_ms: sample.clientMs,
    status: sample.status,
    request_id: sample.requestId,
    environment: sample.environmentId,
    invocation: sample.invocation,
    s3_ms: sample.s3Ms,
    dynamodb_ms: sample.dynamodbMs,
    handler_ms: sample.handlerMs,
    duration_ms: record?.durationMs ?? null,
    billed_ms: record?.billedDurationMs ?? null,
    init_ms: record?.initDurationMs ?? null,
    max_memory_mb: record?.maxMemoryUsedMb ?? null,
    cpu_ms: record?.cpuMs ?? null,
  };
}
