import { closeSync, createReadStream, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { ConfigError } from '../../errors.ts';
import type { LineReader } from '../../load/lines.ts';
import { ByScenario } from './by-scenario.ts';
import type { ClientSeries } from './client-series.ts';
import { CsvPoints } from './csv-points.ts';
import { JsonPoints } from './json-points.ts';

export type Format = 'json' | 'csv';

/** One of k6's output files, read. */
export interface Imported {
  /** File name without its folder. */
  readonly file: string;
  readonly format: Format;
  /** Size on disk. */
  readonly bytes: number;
  /** Every request. */
  readonly series: ClientSeries;
  /** The same by the scenario that sent it, as far as that is told. */
  readonly scenarios: ReadonlyMap<string, ClientSeries>;
  /** Lines that could not be read. */
  readonly unreadable: number;
  /** The compressed file ends in the middle: what came before was read. */
  readonly cutShort: boolean;
}

/** Bytes that are unzipped at once. */
const CHUNK = 256 * 1024;
/** After so many pieces of a file an interrupt is listened to. */
const PIECES_A_TURN = 64;

/**
 * Streams a file of k6's, gzipped or not, in constant memory but for 16 bytes a request, or 32 where scenarios are several.
 *
 * @param format null: as its first bytes say.
 * @returns a series without requests when the file holds none.
 * @throws ConfigError for a file that cannot be read, is of neither format, or holds requests of years.
 */
export async function readOutput(
  path: string,
  format: Format | null,
  signal: AbortSignal,
): Promise<Imported> {
  const { head, bytes } = await beginningOf(path);
  const zipped = head[0] === 0x1f && head[1] === 0x8b;
  const found = format ?? formatOf(zipped ? unzippedBeginning(head) : head, path);
  const sorted = new ByScenario();
  const reader = found === 'json' ? new JsonPoints(sorted) : new CsvPoints(sorted);
  const cutShort = await drain(path, zipped ? unzip : readPlain, reader, signal);
  reader.end();
  if (reader instanceof CsvPoints && !reader.knowsColumns) throw noHeader(path);
  const { scenarios, together: series } = sorted;
  if (series.lengthMs > LONGEST_MS) throw tooLong(path, series);
  const { unreadable } = reader;
  return { file: basename(path), format: found, bytes, series, scenarios, unreadable, cutShort };
}

/** Feeds a file to its reader. */
type Feed = (path: string, reader: LineReader, signal: AbortSignal) => Promise<void>;

const readPlain: Feed = async (path, reader, signal) => {
  const file = openSync(path, 'r');
  try {
    for (let turn = 1; reader.pull(file) > 0; turn++) {
      if (turn % PIECES_A_TURN === 0) await nextTurn();
      signal.throwIfAborted();
    }
  } finally {
    closeSync(file);
  }
};

const unzip: Feed = async (path, reader, signal) => {
  for await (const chunk of unzipped(path)) {
    signal.throwIfAborted();
    reader.push(chunk);
  }
};

function unzipped(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const stream = file.pipe(createGunzip({ chunkSize: CHUNK }));
  file.on('error', (error) => stream.destroy(error));
  stream.on('close', () => file.destroy());
  return stream;
}

/** Whether the file ended before its time. */
async function drain(path: string, feed: Feed, reader: LineReader, signal: AbortSignal): Promise<boolean> {
  try {
    await feed(path, reader, signal);
    return false;
  } catch (cause) {
    signal.throwIfAborted();
    if ((cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') return true;
    throw new ConfigError(
      `${path} cannot be read to its end: ${(cause as Error).message}.`,
      'Give a file that k6 wrote, whole; if it is compressed, test it with gzip -t.',
      { cause },
    );
  }
}

async function beginningOf(path: string): Promise<{ head: Buffer; bytes: number }> {
  try {
    const { size } = await stat(path);
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
      return { head: buffer.subarray(0, bytesRead), bytes: size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new ConfigError(
      `${path} cannot be read: ${(cause as Error).message}.`,
      'Give a file that k6 wrote with --out json=FILE or --out csv=FILE.',
      { cause },
    );
  }
}

function unzippedBeginning(head: Buffer): Buffer {
  try {
    // The beginning of a stream has no end; what there is will do.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0); // Damaged: said by the caller as being of neither format.
  }
}

function formatOf(head: Buffer, path: string): Format {
  if (head[0] === '{'.charCodeAt(0)) return 'json';
  if (head.toString('latin1', 0, 12) === 'metric_name,') return 'csv';
  throw new ConfigError(
    `${path} begins like neither of k6's outputs.`,
    'Give a file that k6 wrote with --out json=FILE or --out csv=FILE, or say which it is with --format json|csv.',
  );
}

/** A row with a wrong digit in its year must not become millions of empty minutes. */
const LONGEST_MS = 31 * 86_400_000;

function tooLong(path: string, { startMs, lengthMs }: ClientSeries): ConfigError {
  const [first, last] = [startMs, startMs + lengthMs].map((ms) => new Date(ms).toISOString());
  return new ConfigError(
    `${path} holds requests from ${first} to ${last}; a run may last 31 days.`,
    'Take out the lines with a wrong time.',
  );
}

function noHeader(path: string): ConfigError {
  return new ConfigError(
    `${path} has no line that names its columns: metric_name,timestamp,metric_value and so on.`,
    'Put back the first line of what k6 wrote, or say --format json if it is JSON.',
  );
}

export function nothingIn({ file, format, unreadable }: Imported): ConfigError {
  return new ConfigError(
    `${file} holds no request: no http_req_duration was found in it as ${format}, and ${unreadable} lines could not be read.`,
    "Give the output of a run with HTTP requests; k6's end-of-test summary (--summary-export) holds no requests.",
  );
}
