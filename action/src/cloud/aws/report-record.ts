import type { Invocation } from '../../model.ts';

/** What Lambda reports of one invocation, in whichever of its two log formats. */
export interface ReportRecord {
  readonly requestId: string;
  readonly status: Invocation['status'];
  /** E.g. `Runtime.OutOfMemory`; null on success and where Lambda names none. */
  readonly errorType: string | null;
  readonly durationMs: number;
  /** Init (since 2025-08-01) or restore included. */
  readonly billedDurationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryUsedMb: number;
  /** On the environment's first invocation only. */
  readonly initDurationMs: number | null;
  /** In the place of an init with SnapStart. */
  readonly restoreDurationMs: number | null;
  readonly billedRestoreDurationMs: number | null;
  /** End of the invocation, ms since the epoch; null where the record has no time of its own (text). */
  readonly timeMs: number | null;
}

/**
 * Reads a log event's message: `platform.report` of the JSON format (Lambda developer guide, "Telemetry API event
 * schema"; field order and optional fields vary), or the `REPORT` line of the text format.
 *
 * @returns null for everything else, `platform.initReport` and `INIT_REPORT` included.
 */
export function parseReport(message: string): ReportRecord | null {
  const text = message.trim();
  const record = text.startsWith('{') ? fromJson(text) : fromText(text);
  return record !== null && isSound(record) ? record : null;
}

/** Lambda's own numbers are not negative, and exact, or the line is not Lambda's. */
function isSound(record: ReportRecord): boolean {
  const { durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb } = record;
  const optional = [record.initDurationMs, record.restoreDurationMs, record.billedRestoreDurationMs];
  const numbers = [durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb, ...optional];
  return record.requestId !== '' && numbers.every((number) => number === null || isAmount(number));
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

type Json = Readonly<Record<string, unknown>>;

function fromJson(text: string): ReportRecord | null {
  const event = parsed(text);
  const record = asObject(event?.record);
  const metrics = asObject(record?.metrics);
  if (event?.type !== 'platform.report' || record === null || metrics === null) return null;
  const amount = (name: string) => (isAmount(metrics[name]) ? metrics[name] : Number.NaN);
  const optional = (name: string) => (metrics[name] === undefined ? null : amount(name));
  return {
    requestId: asText(record.requestId) ?? '',
    ...outcome(asText(record.status), asText(record.errorType)),
    durationMs: amount('durationMs'),
    billedDurationMs: amount('billedDurationMs'),
    memorySizeMb: amount('memorySizeMB'),
    maxMemoryUsedMb: amount('maxMemoryUsedMB'),
    initDurationMs: optional('initDurationMs'),
    restoreDurationMs: optional('restoreDurationMs'),
    billedRestoreDurationMs: optional('billedRestoreDurationMs'),
    timeMs: timeOf(asText(event.time)),
  };
}

function parsed(text: string): Json | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null; // A function may log anything.
  }
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The Telemetry API writes RFC 3339 in UTC; what is no such time is none, for V8 reads one in nearly any text. */
function timeOf(time: string | null): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time ?? '')) return null;
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? null : ms;
}

/** `failure` is a crash or an exception, `error` one of the platform's; neither answers as wished. */
function outcome(status: string | null, errorType: string | null) {
  if (status === null || status === 'success') return { status: 'success', errorType: null } as const;
  return { status: status === 'timeout' ? 'timeout' : 'error', errorType } as const;
}

/** Longer names first, so that `Billed Duration` is not taken for `Duration`. */
const FIELD =
  /\b(Billed Restore Duration|Restore Duration|Billed Duration|Init Duration|Duration|Max Memory Used|Memory Size|Status|Error Type):\s*(\S+)/g;

/**
 * `REPORT RequestId: X\tDuration: 1.23 ms\tBilled Duration: 2 ms\t...`, fields in any order; X-Ray's follow on a line
 * of their own, and are not read. Tabs or blanks part the fields, as some tools copy them.
 */
function fromText(text: string): ReportRecord | null {
  const requestId = /^REPORT RequestId:\s+(\S+)/.exec(text)?.[1];
  if (requestId === undefined) return null;
  const fields = new Map([...text.matchAll(FIELD)].map(([, name, value]) => [name, value!]));
  const word = (name: string) => fields.get(name) ?? null;
  const amount = (name: string) => (/^\d+(\.\d+)?$/.test(word(name) ?? '') ? Number(word(name)) : Number.NaN);
  const optional = (name: string) => (fields.has(name) ? amount(name) : null);
  return {
    requestId,
    ...outcome(word('Status'), word('Error Type')),
    durationMs: amount('Duration'),
    billedDurationMs: amount('Billed Duration'),
    memorySizeMb: amount('Memory Size'),
    maxMemoryUsedMb: amount('Max Memory Used'),
    initDurationMs: optional('Init Duration'),
    restoreDurationMs: optional('Restore Duration'),
    billedRestoreDurationMs: optional('Billed Restore Duration'),
    timeMs: null,
  };
}

/** Where a record was found. */
export interface LogPlace {
  readonly variant: string;
  /** One execution environment writes to one log stream. */
  readonly logStream: string;
  /** The event's time, ms since the epoch. */
  readonly timestampMs: number;
}

/** A restore is SnapStart's way to start an environment, so that it stands where an init would. */
export function toInvocation(record: ReportRecord, place: LogPlace): Invocation {
  const { requestId, status, errorType, durationMs, billedDurationMs } = record;
  const { memorySizeMb, maxMemoryUsedMb, initDurationMs, restoreDurationMs, timeMs } = record;
  return {
    ...{ requestId, variant: place.variant, environmentId: place.logStream },
    ...{ timeMs: timeMs ?? place.timestampMs, status, errorType, durationMs, billedDurationMs },
    initDurationMs: initDurationMs ?? restoreDurationMs,
    ...{ memorySizeMb, maxMemoryUsedMb, cpuMs: null },
  };
}
