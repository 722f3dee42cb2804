import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Invocation, LoadRun, Sample } from '../model.ts';
import { CsvScanner } from './csv.ts';
import { recordOf, standingOf } from './journal-schema.ts';
import type { Line } from './lines/scanner.ts';
import { LineReader } from './lines.ts';
import { SampleReader } from './sample.ts';

/** How the load stands, without what grows with every request. */
export type Standing = Omit<LoadRun, 'samples' | 'dropped'> & {
  /** The run ended, and all that the platform told of it is written down. */
  readonly isComplete?: boolean;
};

/** Files of a journal. */
export const NAMES = {
  header: 'run.json',
  standing: 'load.json',
  samples: 'samples.csv',
  records: 'records.ndjson',
};

/** What a journal says of its run. */
export interface Replay {
  readonly header: unknown;
  readonly run: LoadRun;
  /** In order of time, or nearly; read from the disk each time they are asked for. */
  readonly invocations: Iterable<Invocation>;
  /** Whether the run ended, with all its records written down; false for one that was killed. */
  readonly isComplete: boolean;
}

/**
 * Reads a journal, of a run that ended or of one that was killed: a last line cut short is left out.
 *
 * @throws ConfigError when the folder holds no journal, or one of a run that was killed within its first minute.
 */
export function replay(folder: string): Replay {
  const { isComplete = false, ...standing } = standingOf(json(folder, NAMES.standing));
  return {
    header: json(folder, NAMES.header),
    run: { ...standing, samples: samplesIn(folder), dropped: droppedIn(folder) },
    invocations: recordsIn(folder),
    isComplete,
  };
}

function json(folder: string, name: string): unknown {
  return readable(folder, () => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

function readable<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ConfigError(
      `${folder} holds no journal that can be reported: ${(cause as Error).message}.`,
      'Give the folder of a run that lasted a minute at least; a shorter one has to be made again.',
      { cause },
    );
  }
}

function droppedIn(folder: string): Map<string, number> {
  const dropped = new Map<string, number>();
  const reader = new SampleReader();
  const scanner = new CsvScanner(['dropped_iterations'], (row) => {
    const place = reader.place(row.scenario);
    if (place?.phase !== 'measured') return;
    const slot = `${place.block}/${place.variant}`;
    dropped.set(slot, (dropped.get(slot) ?? 0) + row.value);
  });
  for (const _ of piecesOf(join(folder, NAMES.samples), scanner));
  return dropped;
}

/** Samples of a journal, read anew each time. */
export function samplesIn(
  folder: string,
  isWanted: (sample: Sample) => boolean = () => true,
): Iterable<Sample> {
  return { [Symbol.iterator]: () => readSamples(folder, isWanted) };
}

function* readSamples(folder: string, isWanted: (sample: Sample) => boolean): Generator<Sample> {
  const reader = new SampleReader();
  let found: Sample[] = [];
  const scanner = new CsvScanner(['client'], (row) => {
    const sample = reader.read(row);
    if (sample !== null && isWanted(sample)) found.push(sample);
  });
  for (const _ of piecesOf(join(folder, NAMES.samples), scanner)) {
    yield* found;
    found = [];
  }
}

/** Platform records of a journal, read anew each time. */
export function recordsIn(folder: string): Iterable<Invocation> {
  return { [Symbol.iterator]: () => readRecords(folder) };
}

function* readRecords(folder: string): Generator<Invocation> {
  const lines = new RecordLines();
  for (const _ of piecesOf(join(folder, NAMES.records), lines)) {
    yield* lines.records;
    lines.records = [];
  }
}

/** No record comes near it. */
const LONGEST_RECORD = 64 * 1024;

class RecordLines extends LineReader {
  records: Invocation[] = [];

  constructor() {
    super({ longest: LONGEST_RECORD, asked: [], passedOver: [] });
  }

  protected line(buffer: Buffer, { start, end }: Line): void {
    const record = recordOf(buffer.toString('utf8', start, end));
    if (record !== null) this.records.push(record);
  }
}

/** Stops after each piece of a file, for what its reader found in it to be handed on. */
function* piecesOf(path: string, reader: LineReader): Generator<void> {
  const file = readable(dirname(path), () => openSync(path, 'r'));
  try {
    while (reader.pull(file) > 0) yield;
  } finally {
    closeSync(file);
  }
}
