import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, PublishError } from '../errors.ts';
import type { Invocation, LoadRun, Sample } from '../model.ts';
import { CsvScanner } from './csv.ts';
import { recordOf, standingOf } from './journal-schema.ts';
import { LineReader } from './lines.ts';
import { SampleReader } from './sample.ts';

/** How the load stands, without what grows with every request. */
export type Standing = Omit<LoadRun, 'samples' | 'dropped'> & {
  /** The run ended, and all that the platform told of it is written down. */
  readonly isComplete?: boolean;
};

const NAMES = {
  header: 'run.json',
  standing: 'load.json',
  samples: 'samples.csv',
  records: 'records.ndjson',
};
/** Where the journal of a run lies that writes its result to `outDir`. */
export const journalIn = (outDir: string): string => join(outDir, 'journal');

const MINUTE_MS = 60_000;
const CHUNK = 256 * 1024;
const RECORDS_AT_ONCE = 10_000;

/**
 * What is written down of a run while it is under way, append-only, so that a run that was killed can be reported, and
 * so that samples need not stay in memory: rows of the load generator as they came, platform records and the standing
 * of the run once a minute.
 */
export class Journal implements Disposable {
  readonly folder: string;
  /** Between two writings of records and standing, ms. */
  readonly everyMs: number;
  readonly #samples: number;
  readonly #records: number;
  #rows: Buffer[] = [];
  #isWorthKeeping = false;

  /**
   * @param folder is made; what a run before left in it is removed, and nothing else.
   * @throws PublishError when it cannot be written to.
   */
  constructor(folder: string, everyMs = MINUTE_MS) {
    this.folder = folder;
    this.everyMs = everyMs;
    [this.#samples, this.#records] = writing(folder, () => {
      mkdirSync(folder, { recursive: true });
      removeFiles(folder);
      return [openSync(join(folder, NAMES.samples), 'a'), openSync(join(folder, NAMES.records), 'a')];
    }) as [number, number];
  }

  /** What the run is made of, in JSON; whoever reads the journal knows its shape. */
  header(value: unknown): void {
    this.#whole(NAMES.header, value);
  }

  /** Takes a row of the generator's, which may be a view; it is on the disk after `flush`. */
  row(line: Buffer): void {
    this.#rows.push(Buffer.from(line), LINE_END);
  }

  flush(): void {
    if (this.#rows.length === 0) return;
    const rows = Buffer.concat(this.#rows);
    this.#rows = [];
    writing(this.folder, () => writeFileSync(this.#samples, rows));
  }

  /** Appends platform records. */
  records(invocations: readonly Invocation[]): void {
    const text = invocations.map((invocation) => `${JSON.stringify(invocation)}\n`).join('');
    writing(this.folder, () => writeFileSync(this.#records, text));
  }

  /** The records that were written down. */
  get invocations(): Invocation[] {
    return recordsIn(this.folder);
  }

  standing(standing: Standing): void {
    this.#whole(NAMES.standing, standing);
    this.#isWorthKeeping = true;
  }

  /** The samples so far, read from the disk each time they are asked for. */
  samples(isWanted: (sample: Sample) => boolean = () => true): Iterable<Sample> {
    const { folder } = this;
    return { [Symbol.iterator]: () => samplesIn(folder, isWanted) };
  }

  /** Leaves the run, and all the platform told of it, for a merge with its other shards. */
  complete({ samples: _, dropped: __, ...standing }: LoadRun, invocations: readonly Invocation[]): void {
    writing(this.folder, () => ftruncateSync(this.#records));
    for (let from = 0; from < invocations.length; from += RECORDS_AT_ONCE)
      this.records(invocations.slice(from, from + RECORDS_AT_ONCE));
    this.standing({ ...standing, isComplete: true });
  }

  /** There is a whole result: nobody needs the journal any more. */
  supersede(): void {
    this.#isWorthKeeping = false;
  }

  /** Leaves it where it is if a partial result can be made of it; else nothing of it stays. */
  [Symbol.dispose](): void {
    closeSync(this.#samples);
    closeSync(this.#records);
    if (!this.#isWorthKeeping) this.#remove();
  }

  /** With the folders around it in which nothing else is. */
  #remove(): void {
    removeFiles(this.folder);
    try {
      rmdirSync(this.folder);
      rmdirSync(dirname(this.folder));
    } catch {
      // Something else is in there, such as the report.
    }
  }

  #whole(name: string, value: unknown): void {
    const goal = join(this.folder, name);
    writing(goal, () => {
      writeFileSync(`${goal}.part`, `${JSON.stringify(value)}\n`);
      renameSync(`${goal}.part`, goal);
    });
  }
}

/** A folder that a person named may hold other things. */
function removeFiles(folder: string): void {
  for (const name of Object.values(NAMES).flatMap((name) => [name, `${name}.part`]))
    rmSync(join(folder, name), { force: true });
}

const LINE_END = Buffer.from('\n');

function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    throw new PublishError(
      `${path} could not be written: ${(cause as Error).message}.`,
      'Free disk space or choose another folder with --out DIR, then run again.',
      { cause },
    );
  }
}

/** What a journal says of its run. */
export interface Replay {
  readonly header: unknown;
  readonly run: LoadRun;
  readonly invocations: readonly Invocation[];
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
  const dropped = new Map<string, number>();
  const reader = new SampleReader();
  scan(folder, ['dropped_iterations'], (row) => {
    const place = reader.place(row.scenario);
    if (place?.phase !== 'measured') return;
    const slot = `${place.block}/${place.variant}`;
    dropped.set(slot, (dropped.get(slot) ?? 0) + row.value);
  });
  const samples = { [Symbol.iterator]: () => samplesIn(folder, () => true) };
  return {
    header: json(folder, NAMES.header),
    run: { ...standing, samples, dropped },
    invocations: recordsIn(folder),
    isComplete,
  };
}

/** Line by line: hours of records are more than one string can hold. */
function recordsIn(folder: string): Invocation[] {
  const lines = new RecordLines();
  for (const chunk of chunksOf(join(folder, NAMES.records))) lines.push(chunk);
  return lines.records;
}

/** No record comes near it. */
const LONGEST_RECORD = 64 * 1024;

class RecordLines extends LineReader {
  readonly records: Invocation[] = [];

  constructor() {
    super(LONGEST_RECORD);
  }

  protected line(buffer: Buffer, start: number, end: number): void {
    const record = recordOf(buffer.toString('utf8', start, end));
    if (record !== null) this.records.push(record);
  }
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

function* samplesIn(folder: string, isWanted: (sample: Sample) => boolean): Generator<Sample> {
  const reader = new SampleReader();
  let found: Sample[] = [];
  const scanner = new CsvScanner(['client'], (row) => {
    const sample = reader.read(row);
    if (sample !== null && isWanted(sample)) found.push(sample);
  });
  for (const chunk of chunksOf(join(folder, NAMES.samples))) {
    scanner.push(chunk);
    yield* found;
    found = [];
  }
}

function scan(
  folder: string,
  metrics: readonly string[],
  onRow: ConstructorParameters<typeof CsvScanner>[1],
): void {
  const scanner = new CsvScanner(metrics, onRow);
  for (const chunk of chunksOf(join(folder, NAMES.samples))) scanner.push(chunk);
}

function* chunksOf(path: string): Generator<Buffer> {
  const file = readable(dirname(path), () => openSync(path, 'r'));
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let length = 1; length > 0; ) {
      length = readSync(file, buffer, 0, CHUNK, null);
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
