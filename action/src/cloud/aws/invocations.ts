import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { CollectError } from '../../errors.ts';
import type { Invocation, Warning } from '../../model.ts';
import type { Progress } from '../../progress.ts';
import type { InvocationWindow } from '../cloud.ts';
import { RecordBook } from './record-book.ts';
import { parseReport, toInvocation } from './report-record.ts';

/** Where one function of a variant writes; functions that alternate have a group each and share the variant. */
export interface LogSource {
  readonly variant: string;
  readonly logGroup: string;
}

export interface LogMeans {
  readonly logs: CloudWatchLogsClient;
  readonly progress: Progress;
  /** Takes what a reader of the report must know. */
  readonly warn: (warning: Warning) => void;
  readonly signal?: AbortSignal;
  /** How long late records are waited for once all was read, ms. */
  readonly patienceMs?: number;
  /** First wait for late records, ms; each one is twice as long as the one before, up to 30 s. */
  readonly firstWaitMs?: number;
}

const PATIENCE_MS = 180_000;
const FIRST_WAIT_MS = 4_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Lambda's records of all invocations in the window, one per request, in order of time. CloudWatch has them seconds
 * after the invocation, some much later: they are read again until every request has its own or the patience is over.
 * What is still missing then is for `collect` to tell: it holds requests against records.
 *
 * @throws CollectError when a log group does not exist; DeployError when reading is not permitted.
 */
export async function readInvocations(
  sources: readonly LogSource[],
  window: InvocationWindow,
  means: LogMeans,
): Promise<Invocation[]> {
  const book = new RecordBook();
  let deadline = Number.POSITIVE_INFINITY;
  let waitMs = means.firstWaitMs ?? FIRST_WAIT_MS;
  for (let before = -1; ; before = book.size, waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    const missingGroups = await readAll(sources, window, book, means);
    // From here: to read the records of two hours for the first time takes minutes, and is no waiting.
    deadline = Math.min(deadline, performance.now() + (means.patienceMs ?? PATIENCE_MS));
    const complete = missingGroups.size === 0 && isComplete(book, window, before);
    if (complete || performance.now() + waitMs > deadline) {
      means.progress.line('collect', coverage(book, window));
      if (missingGroups.size > 0) throw neverCreated(missingGroups);
      for (const warning of book.warnings()) means.warn(warning);
      return book.invocations();
    }
    means.progress.line('collect', `${coverage(book, window)}; waiting ${waitMs / 1000} s for late ones`);
    await sleep(waitMs, undefined, means.signal === undefined ? {} : { signal: means.signal });
  }
}

function isComplete(book: RecordBook, { requestIds }: InvocationWindow, before: number): boolean {
  return requestIds === undefined ? book.size === before : book.missing(requestIds) === 0;
}

function coverage(book: RecordBook, { requestIds }: InvocationWindow): string {
  if (requestIds === undefined || requestIds.size === 0) return `${book.size} platform records`;
  const found = requestIds.size - book.missing(requestIds);
  const percent = Math.floor((found / requestIds.size) * 10_000) / 100; // never 100 before it is
  return `platform records of ${found} of ${requestIds.size} requests (${percent} %)`;
}

/** Shorter pieces are read side by side; a page holds 10,000 events or 1 MB of them. */
const PIECE_MS = 300_000;
/** CloudWatch allows 5 calls a second at least, in an account and region (quotas, "FilterLogEvents"). */
const AT_ONCE = 4;

interface Piece {
  readonly source: LogSource;
  readonly startTime: number;
  readonly endTime: number;
}

/** @returns the log groups that do not exist. */
async function readAll(
  sources: readonly LogSource[],
  window: InvocationWindow,
  book: RecordBook,
  means: LogMeans,
): Promise<Set<string>> {
  const missing = new Set<string>();
  const pieces = sources.flatMap((source) => piecesOf(source, window)).values();
  const reader = async () => {
    for (const piece of pieces) {
      if (!missing.has(piece.source.logGroup) && !(await read(piece, book, means)))
        missing.add(piece.source.logGroup);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return missing;
}

/** Each ends where the next begins: whether CloudWatch counts the end in is told both ways (aws/aws-cli#4262). */
function piecesOf(source: LogSource, { fromMs, toMs }: InvocationWindow): Piece[] {
  const pieces: Piece[] = [];
  for (let startTime = fromMs; startTime <= toMs; startTime += PIECE_MS)
    pieces.push({ source, startTime, endTime: Math.min(toMs, startTime + PIECE_MS) });
  return pieces;
}

/**
 * All events of a piece, sorted out here: a filter pattern for both log formats would save transfer, but what such a
 * pattern leaves out nobody would see.
 *
 * @returns false when the log group does not exist.
 */
async function read(piece: Piece, book: RecordBook, means: LogMeans): Promise<boolean> {
  const { source, startTime, endTime } = piece;
  const query = { logGroupName: source.logGroup, startTime, endTime };
  try {
    for await (const { events } of paginateFilterLogEvents({ client: means.logs, pageSize: 10_000 }, query)) {
      means.signal?.throwIfAborted();
      for (const {
        message = '',
        logStreamName: logStream = '',
        timestamp: timestampMs = endTime,
      } of events ?? []) {
        const record = parseReport(message);
        if (record !== null)
          book.add(toInvocation(record, { variant: source.variant, logStream, timestampMs }));
      }
    }
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return false;
    throw error;
  }
}

function neverCreated(groups: ReadonlySet<string>): CollectError {
  const names = [...groups].join(', ');
  return new CollectError(
    `There is no log group ${names}: Lambda has written no platform record there.`,
    "Check that the function's role allows logs:CreateLogStream and logs:PutLogEvents on it, and that its name is the function's `LoggingConfig.LogGroup`.",
  );
}
