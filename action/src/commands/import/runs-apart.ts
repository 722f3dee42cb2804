import { MAX_BLOCKS } from '../../compare/check-input.ts';
import { ConfigError } from '../../errors.ts';
import type { Slot, SlotSamples, Warning } from '../../model.ts';
import type { LaidOut, NamedImport } from './import-result.ts';

const MINUTE_MS = 60_000;
const LONG_RUN_MS = 20 * MINUTE_MS;
const BLOCKS_OF_A_SHORT_RUN = 30;

/**
 * One or two runs that were made apart, each a variant, cut into blocks of time from their own starts.
 *
 * @param runs the head first; a second one is the base it is compared with.
 * @throws ConfigError for runs of too different lengths.
 */
export function runsApart(runs: readonly NamedImport[]): LaidOut {
  const lengths = runs.map(({ series }) => series.lengthMs);
  const blockMs = blockLength(Math.min(...lengths));
  refuseMoreBlocks(Math.min(...lengths), Math.max(...lengths), blockMs);
  const originMs = runs[0]!.series.startMs;
  const slots = runs.flatMap(({ variant, series }, position) =>
    series.slots({ variant, position, blockMs, originMs }),
  );
  const [head, base] = runs;
  return {
    files: runs,
    variants: runs.map(({ variant }) => variant),
    pairs: base === undefined ? [] : [{ base: base.variant, head: head!.variant }],
    windows: runs.flatMap((run) => windowsOf(run, slots, blockMs, originMs)),
    warnings: [...pooledWarnings(runs), ...comparingWarnings(runs, slots, blockMs)],
    // The order of slots within a block is that of files here, and says nothing.
    ...{ slots, originMs, slotSeconds: blockMs / 1000, withoutWarnings: ['fixed-order'] },
  };
}

/** Whole minutes of a long run, so that its course can be told; of a short one enough blocks for a verdict. */
function blockLength(shortestMs: number): number {
  if (shortestMs >= LONG_RUN_MS) return Math.ceil(shortestMs / MAX_BLOCKS / MINUTE_MS) * MINUTE_MS;
  return Math.max(1000, Math.floor(shortestMs / BLOCKS_OF_A_SHORT_RUN / 1000) * 1000);
}

function refuseMoreBlocks(shortestMs: number, longestMs: number, blockMs: number): void {
  const blocks = Math.max(1, Math.floor(longestMs / blockMs));
  if (blocks <= MAX_BLOCKS) return;
  const [shorter, longer] = [shortestMs, longestMs].map((ms) => `${Math.round(ms / 1000)} s`);
  throw new ConfigError(
    `One run lasted ${shorter} and the other ${longer}: blocks of ${blockMs / 1000} s, which suit the shorter one, would be ${blocks} of the longer one; ${MAX_BLOCKS} are allowed.`,
    'Compare runs of like length.',
  );
}

/** The last block has what is left of the run. */
function windowsOf(
  { variant, series }: NamedImport,
  slots: readonly SlotSamples[],
  blockMs: number,
  originMs: number,
): Slot[] {
  const own = slots.filter((slot) => slot.variant === variant);
  return own.map(({ block, position, startMs }, index) => {
    const fromMs = startMs - originMs;
    const lengthMs = index < own.length - 1 ? blockMs : Math.max(1, series.lengthMs - index * blockMs);
    return {
      ...{ block, position, variant, startMs: fromMs, measureMs: fromMs, endMs: fromMs + lengthMs },
      ...{ measuredMs: lengthMs, rate: 0 },
    };
  });
}

/** Of a load of ours each scenario is a slot of a variant; what the scenarios of another are, nobody tells. */
function pooledWarnings(runs: readonly NamedImport[]): Warning[] {
  return runs.flatMap(({ file, scenarios }) => {
    const named = [...scenarios.keys()].filter((name) => name !== '').length;
    if (named < 2) return [];
    const message = `${file} is of ${named} scenarios: their requests are in every number here together.`;
    return [{ code: 'scenarios-pooled', message, data: { file, scenarios: named } }];
  });
}

function comparingWarnings(
  runs: readonly NamedImport[],
  slots: readonly SlotSamples[],
  blockMs: number,
): Warning[] {
  const [head, base] = runs;
  if (head === undefined || base === undefined) return [];
  const count = (name: string) => slots.filter(({ variant }) => variant === name).length;
  const [longer, shorter] = [head, base].map(({ variant }) => count(variant)).sort((a, b) => b - a) as [
    number,
    number,
  ];
  const seconds = blockMs / 1000;
  const message =
    `${head.variant} and ${base.variant} were not interleaved: they are compared by blocks of ${seconds} s from their ` +
    'own starts, and whatever else changed between the two runs counts as their difference.';
  const warnings: Warning[] = [{ code: 'not-interleaved', message, data: { blockSeconds: seconds } }];
  if (longer > shorter) {
    const left = longer - shorter;
    const told = `One run is longer than the other: ${left} of its ${longer} blocks have no counterpart and are in no comparison.`;
    warnings.push({ code: 'unequal-length', message: told, data: { blocks: left } });
  }
  return warnings;
}
