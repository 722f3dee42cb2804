/**
 * The samples as they may be computed with. A request whose times are NaN, infinite, negative or out of all proportion is
 * taken out of every column and counted; an optional column (CPU, service times) with such a value is not known for that
 * slot; an environment's odd value is not known. Zero is a time. A shape no run can have is a defect of ours and throws.
 */
import { isAmount } from '../histogram.ts';
import type { EnvironmentSample, SlotSamples, WarmSamples } from '../model.ts';

const REQUIRED = ['clientMs'] as const;
/** The platform's own: all or, where only the client was heard, none. */
const PLATFORM = ['durationMs', 'billedMs'] as const;
const OPTIONAL = ['cpuMs', 's3Ms', 'dynamodbMs', 'handlerMs'] as const;
const MEASURED = ['initMs', 'firstCallMs', 'firstBilledMs', 'maxMemoryMb'] as const;
const COUNTS = ['block', 'requests', 'errors', 'dropped', 'unmatched'] as const;

/** What was taken out. */
export interface Unusable {
  /** Requests, with all their times. */
  readonly requests: number;
  /** Optional columns, each of one slot. */
  readonly columns: number;
  /** Values of execution environments: starts, first calls, memory. */
  readonly environments: number;
}

export interface Usable {
  readonly slots: readonly SlotSamples[];
  readonly unusable: Unusable;
}

export function usableSamples(slots: readonly SlotSamples[]): Usable {
  const cleaned = slots.map(cleanedSlot);
  const lost = (count: (slot: SlotSamples) => number) =>
    slots.reduce((total, slot, i) => total + count(slot) - count(cleaned[i]!), 0);
  return {
    slots: cleaned,
    unusable: {
      requests:
        lost(({ warm }) => warm.endMs.length) + slots.reduce((sum, slot) => sum + rejectedEarlier(slot), 0),
      columns: lost(({ warm }) => OPTIONAL.filter((name) => warm[name].length > 0).length),
      environments: lost(({ environments }) => environments.flatMap(valuesOf).length),
    },
  };
}

const valuesOf = (environment: EnvironmentSample): number[] =>
  MEASURED.map((name) => environment[name]).filter((value) => value !== null);

function cleanedSlot(slot: SlotSamples): SlotSamples {
  checkShape(slot);
  const environments = slot.environments.map(cleanedEnvironment);
  return { ...slot, environments, warm: cleanedWarm(slot.warm, environments.length) };
}

/** Histograms take nothing in that is no amount, column by column. */
function rejectedEarlier({ histograms }: SlotSamples): number {
  if (histograms === undefined) return 0;
  return [...REQUIRED, ...PLATFORM].reduce((most, column) => Math.max(most, histograms[column].rejected), 0);
}

function checkShape(slot: SlotSamples): void {
  const where = `slot of ${slot.variant} in block ${slot.block}`;
  for (const count of COUNTS) {
    if (!Number.isInteger(slot[count]) || slot[count] < 0)
      throw new RangeError(`${where}: ${count} is ${slot[count]}, not a count`);
  }
  if (slot.errors > slot.requests)
    throw new RangeError(`${where}: ${slot.errors} errors in ${slot.requests} requests`);
  if (!isInstant(slot.startMs)) throw new RangeError(`${where}: startMs is ${slot.startMs}`);
  const { length } = slot.warm.endMs;
  for (const name of ['environment', ...REQUIRED, ...PLATFORM, ...OPTIONAL] as const) {
    const found = slot.warm[name].length;
    if (found !== length && (found > 0 || !isOptional(name)))
      throw new RangeError(`${where}: ${found} values of ${name} for ${length} requests`);
  }
}

const isOptional = (name: string): boolean => !(REQUIRED as readonly string[]).includes(name);

/** The columns themselves when nothing is wrong with them: they may hold ten million values. */
function cleanedWarm(warm: WarmSamples, environments: number): WarmSamples {
  const keep = usableRows(warm, environments);
  const all = keep.length === warm.endMs.length;
  const column = (values: Float64Array) => (all ? values : Float64Array.from(keep, (row) => values[row]!));
  const optional = (values: Float64Array) =>
    values.length === 0 || !values.every(isAmount) ? new Float64Array() : column(values);
  return {
    environment: all
      ? warm.environment
      : told(warm.environment, (column) => Uint16Array.from(keep, (row) => column[row]!)),
    endMs: column(warm.endMs),
    clientMs: column(warm.clientMs),
    durationMs: told(warm.durationMs, column),
    billedMs: told(warm.billedMs, column),
    cpuMs: optional(warm.cpuMs),
    s3Ms: optional(warm.s3Ms),
    dynamodbMs: optional(warm.dynamodbMs),
    handlerMs: optional(warm.handlerMs),
  };
}

/** A column that was not told stays so. */
function told<Column extends { readonly length: number }>(
  column: Column,
  keep: (column: Column) => Column,
): Column {
  return column.length === 0 ? column : keep(column);
}

/** Column by column, because there may be ten million rows. */
function usableRows(warm: WarmSamples, environments: number): Uint32Array {
  const bad = new Uint8Array(warm.endMs.length);
  const mark = (column: ArrayLike<number>, isGood: (value: number) => boolean) => {
    for (let row = 0; row < bad.length; row++) if (!isGood(column[row]!)) bad[row] = 1;
  };
  mark(warm.endMs, isInstant);
  if (warm.environment.length > 0) mark(warm.environment, (index) => index < environments);
  for (const name of [...REQUIRED, ...PLATFORM]) if (warm[name].length > 0) mark(warm[name], isAmount);
  const rows = new Uint32Array(bad.length);
  let count = 0;
  for (let row = 0; row < bad.length; row++) if (bad[row] === 0) rows[count++] = row;
  return rows.subarray(0, count);
}

function cleanedEnvironment(environment: EnvironmentSample): EnvironmentSample {
  const known = (value: number | null) => (value !== null && isAmount(value) ? value : null);
  const values = Object.fromEntries(MEASURED.map((name) => [name, known(environment[name])]));
  return { ...environment, ...values };
}

/** ms since the epoch. */
function isInstant(value: number): boolean {
  return Math.abs(value) <= 1e14;
}
