import type { Target } from '../cloud/cloud.ts';
import type { Analysis } from '../compare/compare.ts';
import { lookBlocks } from '../compare/early-stop.ts';
import { trustGates } from '../compare/gates.ts';
import { roundsIn } from '../load/schedule.ts';
import type { Artifact, Collected, Config, LoadRequest, LoadRun, Slot, Warning } from '../model.ts';
import type { Result, VariantResult } from '../result.ts';

export interface Parts {
  readonly config: Config;
  readonly artifacts: readonly Artifact[];
  readonly provenance: Result['provenance'];
  readonly target: Target;
  readonly run: LoadRun;
  readonly collected: Collected;
  readonly analysis: Analysis;
  /** What was known before the run. */
  readonly warnings: readonly Warning[];
}

/** Puts what the stages found into the one value that is kept and rendered. */
export function assemble(parts: Parts): Result {
  const { artifacts, provenance, target, run, collected, analysis } = parts;
  return {
    schemaVersion: 1,
    provenance,
    design: design(parts),
    gates: trustGates(run, collected),
    variants: analysis.variants.map((variant) => ({ ...built(artifacts, variant.name), ...variant })),
    pairs: [...analysis.pairs],
    ...(analysis.sweeps.length > 0 && { sweeps: [...analysis.sweeps] }),
    warnings: [
      ...parts.warnings,
      ...target.warnings,
      ...run.warnings,
      ...collected.warnings,
      ...analysis.warnings,
    ],
  };
}

function design({ config, run }: Parts): Result['design'] {
  const { name, blocks, slotSeconds, freshEnvironments, environments, warmupInvocations, stages } =
    config.profile;
  return {
    profile: name,
    seed: config.seed,
    blocks,
    slotSeconds,
    ...turns(run.slots),
    freshEnvironments,
    environments,
    warmupInvocations,
    rate: run.rateChoice.rate,
    ...(stages.length > 1 && { stages: [...stages] }),
    rateReason: run.rateChoice.reason,
    pilotMs: { ...run.rateChoice.pilotMs },
    ...(config.request !== undefined && { request: described(config.request) }),
    order: order(run.slots),
    startedAt: new Date(run.startMs).toISOString(),
    loadSeconds: (run.endMs - run.startMs) / 1000,
    looks: config.earlyStop
      ? { afterBlocks: lookBlocks(blocks), endedAfter: (run.slots.at(-1)?.block ?? -1) + 1 }
      : null,
    partial: null,
    shards: null,
  };
}

/** None of a profile without a measured window. */
function turns([slot]: readonly Slot[]): Pick<Result['design'], 'turns'> {
  if (slot === undefined || slot.measuredMs === 0) return {};
  const perBlock = roundsIn(slot.measuredMs);
  return { turns: { perBlock, seconds: slot.measuredMs / perBlock / 1000 } };
}

function described({ method, path, body }: LoadRequest): NonNullable<Result['design']['request']> {
  return { method, path, bodyBytes: body === null ? 0 : new TextEncoder().encode(body).length };
}

function order(slots: readonly Slot[]): string[][] {
  const blocks: string[][] = [];
  for (const { block, position, variant } of slots) {
    blocks[block] ??= [];
    blocks[block][position] = variant;
  }
  return blocks;
}

/** The part of a variant's result that was known before the run. */
type Made = Pick<
  VariantResult,
  'name' | 'cellOf' | 'build' | 'runtime' | 'architecture' | 'memoryMb' | 'snapStart' | 'artifact'
>;

function built(artifacts: readonly Artifact[], name: string): Made {
  const artifact = artifacts.find((candidate) => candidate.variant.name === name)!;
  const { sha256, zippedBytes, unzippedBytes, buildSeconds, tools, flags } = artifact;
  const { build, runtime, architecture, memoryMb, snapStart, cellOf } = artifact.variant;
  return {
    name,
    ...(cellOf !== undefined && { cellOf }),
    build,
    runtime,
    architecture,
    memoryMb,
    ...(snapStart === true && { snapStart }),
    artifact: { sha256, zippedBytes, unzippedBytes, buildSeconds, tools: { ...tools }, flags: [...flags] },
  };
}
