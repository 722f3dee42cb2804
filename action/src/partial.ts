import type { Target } from './cloud/cloud.ts';
import { collect, shareOf } from './collect/collect.ts';
import { compare } from './compare/compare.ts';
import { ConfigError } from './errors.ts';
import { headerOf } from './journal-header.ts';
import { type Replay, replay } from './load/replay.ts';
import type { Built, Collected, LoadRun, Sample, Warning } from './model.ts';
import { assemble } from './report/assemble.ts';
import type { Result } from './result.ts';

/** What a journal says of its run besides its load. */
export interface Header {
  readonly built: Built;
  readonly target: Target;
  readonly provenance: Result['provenance'];
  /** What neither the load nor the target tells: what was known before the run, and what could not be removed after it. */
  readonly warnings: readonly Warning[];
}

/**
 * The result of a run that ended, from its journal; of one that was killed, of the blocks that were over when it was last
 * written.
 *
 * @throws ConfigError when there is no journal, or no block was over.
 */
export function journalResult(folder: string): Result {
  const { header, run, invocations, isComplete } = readJournal(folder);
  if (isComplete) return resultOf(header, run, collect(run, invocations, shareOf(header.built.config)));
  const cut = wholeBlocks(run);
  if (cut.slots.length === 0)
    throw new ConfigError(
      `${folder} is of a run that was ended before its first block was over: there is nothing to report.`,
      'Make the run again.',
    );
  const collected = collect(cut, invocations, shareOf(header.built.config));
  return asPartial(resultOf(header, cut, ofWholeBlocks(collected)), cut, run);
}

function resultOf(
  { built, target, provenance, warnings }: Header,
  run: LoadRun,
  collected: Collected,
): Result {
  const measured = { ...built, target, run, collected };
  return assemble({ ...measured, provenance, analysis: compare(measured), warnings });
}

function asPartial(result: Result, cut: LoadRun, planned: LoadRun): Result {
  const partial = {
    minutes: Math.floor(lastMs(cut) / MINUTE_MS),
    plannedMinutes: Math.round(lastMs(planned) / MINUTE_MS),
    plannedBlocks: new Set(planned.slots.map(({ block }) => block)).size,
  };
  const blocks = new Set(cut.slots.map(({ block }) => block)).size;
  return {
    ...result,
    design: { ...result.design, blocks, partial },
    warnings: [endedEarly(blocks, partial), ...result.warnings],
  };
}

export function readJournal(folder: string): Replay & { readonly header: Header } {
  const read = replay(folder);
  return { ...read, header: headerOf(read.header) };
}

const MINUTE_MS = 60_000;

const lastMs = ({ slots }: Pick<LoadRun, 'slots'>): number => slots.at(-1)?.endMs ?? 0;

/** The run as if it had ended with the last block whose records were written down, and whose output a later block's followed. */
function wholeBlocks(run: LoadRun): LoadRun {
  const writtenMs = run.endMs - run.startMs;
  const unwritten = run.slots.find(({ endMs }) => endMs > writtenMs)?.block ?? Number.POSITIVE_INFINITY;
  const unfinished = Math.min(unwritten, lastBlock(run.samples));
  const isIn = ({ block }: { readonly block: number }) => block < unfinished;
  const slots = run.slots.filter(isIn);
  return {
    ...run,
    slots,
    samples: { [Symbol.iterator]: () => only(run.samples, isIn) },
    dropped: new Map([...run.dropped].filter(([slot]) => Number.parseInt(slot, 10) < unfinished)),
    endMs: run.startMs + lastMs({ slots }),
    // The generator's count and its samples are in different rows, and the last of either may not have come yet.
    warnings: run.warnings.filter(({ code }) => code !== 'samples-lost'),
  };
}

function lastBlock(samples: Iterable<Sample>): number {
  let last = 0;
  for (const { block } of samples) last = Math.max(last, block);
  return last;
}

/** The records of the block that was left out belong to no request now. */
function ofWholeBlocks(collected: Collected): Collected {
  return { ...collected, warnings: collected.warnings.filter(({ code }) => code !== 'requests-lost') };
}

function* only(samples: Iterable<Sample>, isIn: (sample: Sample) => boolean): Generator<Sample> {
  for (const sample of samples) if (isIn(sample)) yield sample;
}

function endedEarly(blocks: number, partial: NonNullable<Result['design']['partial']>): Warning {
  const { minutes, plannedMinutes, plannedBlocks } = partial;
  return {
    code: 'partial-run',
    message: `The run was ended before its time: this is partial, ${minutes} of ${plannedMinutes} min (${blocks} of ${plannedBlocks} blocks).`,
    data: { minutes, plannedMinutes, blocks, plannedBlocks },
  };
}
