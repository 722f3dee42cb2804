import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PublishError } from '../errors.ts';
import type { Invocation, LoadRun, Sample } from '../model.ts';
import { NAMES, recordsIn, type Standing, samplesIn } from './replay.ts';

/** Where the journal of a run lies that writes its result to `outDir`. */
export const journalIn = (outDir: string): string => join(outDir, 'journal');

/** The journal of a run that is at hand: in its folder, or by itself, as an artifact of a workflow holds it. */
export function journalOf(folder: string): string {
  return !isJournal(journalIn(folder)) && isJournal(folder) ? folder : journalIn(folder);
}

export const isJournal = (folder: string): boolean => existsSync(join(folder, NAMES.header));

const MINUTE_MS = 60_000;
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
  #header: unknown;
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

  /**
   * What the run is made of, in JSON; whoever reads the journal knows its shape. Written again with each standing, because
   * the target's warnings come while it runs.
   */
  header(value: unknown): void {
    this.#header = value;
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
  records(invocations: Iterable<Invocation>): void {
    writing(this.folder, () => append(this.#records, invocations));
  }

  /** The records that were written down so far, read from the disk each time they are asked for. */
  get invocations(): Iterable<Invocation> {
    return recordsIn(this.folder);
  }

  standing(standing: Standing): void {
    if (this.#header !== undefined) this.#whole(NAMES.header, this.#header);
    this.#whole(NAMES.standing, standing);
    this.#isWorthKeeping = true;
  }

  /** The samples so far, read from the disk each time they are asked for. */
  samples(isWanted?: (sample: Sample) => boolean): Iterable<Sample> {
    return samplesIn(this.folder, isWanted);
  }

  /** Leaves the run, and all the platform told of it, for a merge with its other shards. */
  complete({ samples: _, dropped: __, ...standing }: LoadRun, invocations: Iterable<Invocation>): void {
    // They may be read from the very file that they replace.
    replaced(join(this.folder, NAMES.records), (file) => append(file, invocations));
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
    replaced(join(this.folder, name), (file) => writeFileSync(file, `${JSON.stringify(value)}\n`));
  }
}

/** A folder that a person named may hold other things. */
function removeFiles(folder: string): void {
  for (const name of Object.values(NAMES).flatMap((name) => [name, `${name}.part`]))
    rmSync(join(folder, name), { force: true });
}

const LINE_END = Buffer.from('\n');

/** Batch by batch: hours of records are more than one string can hold. */
function append(file: number, invocations: Iterable<Invocation>): void {
  let lines: string[] = [];
  const write = () => {
    writeFileSync(file, lines.join(''));
    lines = [];
  };
  for (const invocation of invocations) {
    lines.push(`${JSON.stringify(invocation)}\n`);
    if (lines.length === RECORDS_AT_ONCE) write();
  }
  write();
}

/** Whole or not at all. */
function replaced(goal: string, write: (file: number) => void): void {
  writing(goal, () => {
    const file = openSync(`${goal}.part`, 'w');
    try {
      write(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${goal}.part`, goal);
  });
}

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
