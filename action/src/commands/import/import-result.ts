import { compare } from '../../compare/compare.ts';
import { clientGates } from '../../compare/gates.ts';
import { METRICS } from '../../compare/metrics.ts';
import type { Pair, Slot, SlotSamples, Variant, Warning } from '../../model.ts';
import type { Result } from '../../result.ts';
import type { Imported } from './read-output.ts';

/** A file, and which variants it tells of. */
export interface NamedImport extends Imported {
  readonly variant: string;
}

/** Imported requests, sorted into slots. */
export interface LaidOut {
  readonly files: readonly NamedImport[];
  readonly variants: readonly string[];
  readonly pairs: readonly Pair[];
  readonly slots: readonly SlotSamples[];
  /** The same in time, ms from `originMs`. */
  readonly windows: readonly Slot[];
  /** ms since the epoch. */
  readonly originMs: number;
  /** Length of a slot, s. */
  readonly slotSeconds: number;
  /** What a reader must know of how they were sorted. */
  readonly warnings: readonly Warning[];
  /** Warnings that are about runs of our own. */
  readonly withoutWarnings: readonly string[];
}

/** A result with client metrics only, and nothing that the files do not tell. */
export function importResult(laid: LaidOut, now: Date): Result {
  const { files, variants, slots, originMs } = laid;
  const analysis = compare({
    config: {
      variants: variants.map(unknownVariant),
      ...{ pairs: laid.pairs, region: 'us-east-1', coldShare: 0 },
    },
    artifacts: [],
    run: { slots: laid.windows, startMs: originMs },
    collected: { slots },
    target: { kind: 'import' },
    options: { metrics: METRICS.map(({ id }) => id).filter((id) => id.startsWith('client.')) },
  });
  const seen = analysis.warnings.filter(({ code }) => !laid.withoutWarnings.includes(code));
  return {
    schemaVersion: 1,
    provenance: provenance(files, now),
    design: design(laid),
    gates: clientGates(slots),
    variants: analysis.variants.map((variant) => ({ ...NOT_TOLD, ...variant })),
    pairs: [...analysis.pairs],
    warnings: [...files.flatMap(readingWarnings), ...laid.warnings, ...seen],
  };
}

const NOT_TOLD = { build: null, runtime: null, architecture: null, memoryMb: null, artifact: null };

/** Memory and architecture decide bills, and there is no bill without Billed Duration. */
function unknownVariant(name: string): Variant {
  return {
    ...{ name, source: '', build: 'zip', runtime: '', handler: '', architecture: 'x86_64' },
    ...{ memoryMb: 0, timeoutSeconds: 0, environment: {} },
  };
}

function provenance(files: readonly NamedImport[], now: Date): Result['provenance'] {
  return {
    createdAt: now.toISOString(),
    ...{ commit: null, dirty: false, base: null, machine: null, tools: {}, lockfiles: {} },
    target: {
      ...{ kind: 'import', label: 'imported k6 output, client side only', region: null },
      limits: 'not known',
    },
    config: { path: 'not known', sha256: null },
    imports: files.map(({ variant, file, format, bytes, series, unreadable }) => ({
      ...{ variant, file, format, bytes, unreadableLines: unreadable },
      startedAt: new Date(series.startMs).toISOString(),
      seconds: series.lengthMs / 1000,
    })),
  };
}

function design(laid: LaidOut): Result['design'] {
  const { files, slots, slotSeconds, originMs } = laid;
  return {
    profile: 'import',
    seed: null,
    blocks: new Set(slots.map(({ block }) => block)).size,
    slotSeconds,
    ...{ freshEnvironments: false, environments: 0, warmupInvocations: 0 },
    rate: rateOf(laid),
    rateReason: 'the mean of the imported run',
    ...{ pilotMs: {}, order: [] },
    startedAt: new Date(originMs).toISOString(),
    loadSeconds: Math.max(...files.map((run) => run.series.lengthMs)) / 1000,
    ...{ looks: null, partial: null, shards: null },
  };
}

/** Requests per second: of all generators of one load together, or of the first of two runs. */
function rateOf({ files }: LaidOut): number {
  const load = files.filter(({ variant }) => variant === files[0]!.variant);
  const requests = load.reduce((sum, { series }) => sum + series.requests, 0);
  const longestMs = Math.max(...load.map(({ series }) => series.lengthMs));
  return longestMs > 0 ? requests / (longestMs / 1000) : requests;
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
