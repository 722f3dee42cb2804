import { readScenarioName } from '../../load/scenarios.ts';
import type { Slot, SlotSamples } from '../../model.ts';
import { ClientSeries } from './client-series.ts';
import type { LaidOut, NamedImport } from './import-result.ts';

/** All that was sent in one slot, by all generators together. */
interface Share {
  readonly block: number;
  readonly variant: string;
  readonly measured: ClientSeries;
  /** The burst that opens it: counts as requests, and is in no latency. */
  readonly opening: ClientSeries;
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * One load that was laid out by us and sent by one generator or several, such as the pods of `npm run k6-operator`: its
 * scenarios tell the variant and block of every request, so that variants are compared within blocks, as in a run of our
 * own.
 *
 * @param files one of each generator.
 * @param base what the other variants are compared with.
 */
export function oneLoad(files: readonly NamedImport[], base: string): LaidOut {
  const originMs = files[0]!.series.startMs;
  const shares = sharesOf(files, originMs);
  const spans = shares.map((share) => ({ ...spanOf(share, originMs), block: share.block }));
  const windows = shares.map(({ block, variant }, at): Slot => {
    const { startMs, endMs } = spans[at]!;
    const position = spans.slice(0, at).filter((span) => span.block === block).length;
    const measuredMs = shareOf(
      spans[at]!,
      spans.filter((span) => span.block === block),
    );
    return { block, variant, position, startMs, measureMs: startMs, endMs, measuredMs, rate: 0 };
  });
  const variants = variantsIn(files);
  return {
    ...{ files, variants, windows, originMs },
    pairs: variants.filter((name) => name !== base).map((head) => ({ base, head })),
    slots: windows.map((slot, at) => samplesOf(slot, shares[at]!, originMs)),
    slotSeconds: Math.max(...windows.map(({ measuredMs }) => measuredMs)) / 1000,
    ...{ warnings: [], withoutWarnings: [] },
  };
}

/** How long a variant was measured, ms: its part of what all of the block took together, if they took turns. */
function shareOf(own: Span, all: readonly Span[]): number {
  const together =
    Math.max(...all.map(({ endMs }) => endMs)) - Math.min(...all.map(({ startMs }) => startMs));
  const oneByOne = all.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return oneByOne > together ? together / all.length : own.endMs - own.startMs;
}

/** By name, and so the same whichever file comes first. */
export function variantsIn(files: readonly Pick<NamedImport, 'scenarios'>[]): string[] {
  const names = files.flatMap(({ scenarios }) => [...scenarios.keys()]);
  return [...new Set(names.map((name) => readScenarioName(name)!.variant))].sort();
}

/** By time. Clocks of different machines are never held against each other: each file's times count from its own start. */
function sharesOf(files: readonly NamedImport[], originMs: number): Share[] {
  const shares = new Map<string, Share>();
  for (const { scenarios, series } of files) {
    for (const [name, part] of scenarios) {
      const { block, variant, phase } = readScenarioName(name)!;
      const key = `${block}/${variant}`;
      const none = { block, variant, measured: new ClientSeries(), opening: new ClientSeries() };
      const share = shares.get(key) ?? none;
      shares.set(key, share);
      (phase === 'measured' ? share.measured : share.opening).take(part, originMs - series.startMs);
    }
  }
  const start = (share: Share) => spanOf(share, originMs).startMs;
  return [...shares.values()].sort((a, b) => a.block - b.block || start(a) - start(b));
}

/** As far as requests tell it, ms from the start of load: from the first one's end to the last one's. */
function spanOf({ measured, opening }: Share, originMs: number): Span {
  const told = [measured, opening].find(({ requests }) => requests > 0);
  const startMs = (told?.startMs ?? originMs) - originMs;
  return { startMs, endMs: startMs + Math.max(1, told?.lengthMs ?? 0) };
}

function samplesOf({ block, variant, position, startMs }: Slot, share: Share, originMs: number): SlotSamples {
  const { measured, opening } = share;
  const blockMs = Math.max(1, measured.lengthMs + 1);
  const [slot] = measured.slots({ variant, position, blockMs, originMs: measured.startMs });
  return {
    ...slot!,
    ...{ block, startMs: originMs + startMs },
    requests: measured.requests + opening.requests,
    errors: measured.errors + opening.errors,
  };
}
