import { compare } from '../compare/compare.ts';
import { clientGates } from '../compare/gates.ts';
import { METRICS } from '../compare/metrics.ts';
import { ConfigError } from '../errors.ts';
import type { Slot, SlotSamples, Variant, Warning } from '../model.ts';
import type { Result } from '../result.ts';
import type { Imported } from './read-output.ts';

/** One imported run under the name it is reported by. */
export interface NamedImport extends Imported {
  readonly variant: string;
}

const MINUTE_MS = 60_000;
const LONG_RUN_MS = 20 * MINUTE_MS;
const BLOCKS_OF_A_SHORT_RUN = 30;

/**
 * One or two imported runs as a result: client metrics only, and nothing that the files do not tell.
 *
 * @param runs the head first; a second one is the base it is compared with.
 * @throws ConfigError for runs whose times cannot be those of one run.
 */
export function resultOf(runs: readonly NamedImport[], now: Date): Result {
  const lengths = runs.map(({ series }) => series.lengthMs);
  const blockMs = blockLength(Math.min(...lengths));
  refuseLonger(Math.max(...lengths), blockMs);
  const originMs = runs[0]!.series.startMs;
  const slots = runs.flatMap(({ variant, series }, position) =>
    series.slots({ variant, position, blockMs, originMs }),
  );
  const [head, base] = runs;
  const analysis = compare({
    config: {
      variants: runs.map(({ variant }) => unknownVariant(variant)),
      pairs: base === undefined ? [] : [{ base: base.variant, head: head!.variant }],
      ...{ region: 'us-east-1', coldShare: 0 },
    },
    artifacts: [],
    run: { slots: runs.flatMap((run) => windowsOf(run, slots, blockMs, originMs)), startMs: originMs },
    collected: { slots },
    target: { kind: 'import' },
    options: { metrics: METRICS.map(({ id }) => id).filter((id) => id.startsWith('client.')) },
  });
  // The order of slots within a block is that of files here, and says nothing.
  const seen = analysis.warnings.filter(({ code }) => code !== 'fixed-order');
  return {
    schemaVersion: 1,
    provenance: provenance(runs, now),
    design: design(runs, slots, blockMs),
    gates: clientGates(slots),
    variants: analysis.variants.map((variant) => ({ ...NOT_TOLD, ...variant })),
    pairs: [...analysis.pairs],
    warnings: [...runs.flatMap(readingWarnings), ...comparingWarnings(runs, slots, blockMs), ...seen],
  };
}

const NOT_TOLD = { build: null, runtime: null, architecture: null, memoryMb: null, artifact: null };

/** Minutes of a long run, so that its course can be told; of a short one enough blocks for a verdict. */
function blockLength(shortestMs: number): number {
  if (shortestMs >= LONG_RUN_MS) return MINUTE_MS;
  return Math.max(1000, Math.floor(shortestMs / BLOCKS_OF_A_SHORT_RUN / 1000) * 1000);
}

/** A month of minutes: a row with a wrong year must not become millions of empty blocks. */
const MOST_BLOCKS = 50_000;

function refuseLonger(longestMs: number, blockMs: number): void {
  const blocks = Math.ceil(longestMs / blockMs);
  if (blocks <= MOST_BLOCKS) return;
  throw new ConfigError(
    `From the first request to the last it is ${Math.round(longestMs / MINUTE_MS)} min, ${blocks} blocks of ${blockMs / 1000} s; ${MOST_BLOCKS} blocks are allowed.`,
    'Take out requests with a wrong time, or compare runs of like length.',
  );
}

/** Memory and architecture decide bills, and there is no bill without Billed Duration. */
function unknownVariant(name: string): Variant {
  return {
    ...{ name, source: '', build: 'zip', runtime: '', handler: '', architecture: 'x86_64' },
    ...{ memoryMb: 0, timeoutSeconds: 0, environment: {} },
  };
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
      rate: 0,
    };
  });
}

function provenance(runs: readonly NamedImport[], now: Date): Result['provenance'] {
  return {
    createdAt: now.toISOString(),
    ...{ commit: null, dirty: false, base: null, machine: null, tools: {}, lockfiles: {} },
    target: {
      ...{ kind: 'import', label: 'imported k6 output, client side only', region: null },
      limits: 'not known',
    },
    config: { path: 'not known', sha256: null },
    imports: runs.map(({ variant, file, format, bytes, series, unreadable }) => ({
      ...{ variant, file, format, bytes, unreadableLines: unreadable },
      startedAt: new Date(series.startMs).toISOString(),
      seconds: series.lengthMs / 1000,
    })),
  };
}

function design(
  runs: readonly NamedImport[],
  slots: readonly SlotSamples[],
  blockMs: number,
): Result['design'] {
  const { series } = runs[0]!;
  return {
    profile: 'import',
    seed: null,
    blocks: new Set(slots.map(({ block }) => block)).size,
    slotSeconds: blockMs / 1000,
    ...{ freshEnvironments: false, environments: 0, warmupInvocations: 0 },
    rate: series.lengthMs > 0 ? series.requests / (series.lengthMs / 1000) : series.requests,
    rateReason: 'the mean of the imported run',
    ...{ pilotMs: {}, order: [] },
    startedAt: new Date(series.startMs).toISOString(),
    loadSeconds: Math.max(...runs.map((run) => run.series.lengthMs)) / 1000,
    ...{ looks: null, partial: null, shards: null },
  };
}

function readingWarnings({ file, unreadable, cutShort }: NamedImport): Warning[] {
  const warnings: Warning[] = [];
  if (unreadable > 0) {
    const message = `${unreadable} lines of ${file} could not be read: they are in no number here.`;
    warnings.push({ code: 'unreadable-lines', message, data: { file, lines: unreadable } });
  }
  if (cutShort) {
    const message = `${file} ends in the middle of its compressed data: only what comes before was read.`;
    warnings.push({ code: 'file-cut-short', message, data: { file } });
  }
  return warnings;
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
