import { tmpdir } from 'node:os';
import { checkOutBase, withBase, withoutUnchanged } from './build/base.ts';
import { build, isBuildable } from './build/build.ts';
import type { BuildPlatform } from './build/platform.ts';
import type { BuildTools } from './build/recipe.ts';
import type { Cloud, Deployment, Target } from './cloud/cloud.ts';
import { collect, recordsOf, shareOf } from './collect/collect.ts';
import { join } from './collect/join.ts';
import { compare, isDecided } from './compare/compare.ts';
import { interimBlocks } from './compare/early-stop.ts';
import { allThrown, DuelError } from './errors.ts';
import { Journal, journalIn } from './load/journal.ts';
import { load } from './load/load.ts';
import type { Built, Collected, Config, Invocation, LoadRun, Warning } from './model.ts';
import type { Header } from './partial.ts';
import type { Progress } from './progress.ts';
import { readProvenance } from './provenance.ts';
import { writeSamples } from './publish/samples.ts';
import { assemble } from './report/assemble.ts';
import { parseResult, serialize } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';
import type { Result } from './result.ts';

/** What the entry chooses: the cloud behind the port, where results go, and the tools already found. */
export interface Adapters {
  readonly cloud: Cloud;
  readonly publish: (result: Result, report: string) => Promise<void>;
  /** What is known before the run. */
  readonly warnings: readonly Warning[];
  /** Where packages will run. */
  readonly platform: BuildPlatform;
  /** k6 may be on its way while packages are built. */
  readonly tools: BuildTools & { readonly k6: string | Promise<string> };
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** How often a run under way is written down, ms; default once a minute. */
  readonly journalEveryMs?: number;
}

/** config -> build -> deploy -> load -> collect -> compare -> report -> publish. */
export async function pipeline(config: Config, adapters: Adapters): Promise<Result> {
  const built = await buildAll(config, adapters);
  using journal = new Journal(journalIn(config.outDir), adapters.journalEveryMs);
  const measured = await measure(built, journal, adapters);
  const analysis = compare({ ...built, ...measured });
  const provenance = { ...measured.provenance, createdAt: new Date().toISOString() };
  // Through its stored form, so that the report is the one anybody can render again from result.json.
  const warnings = [...adapters.warnings, ...measured.remains];
  const result = parseResult(serialize(assemble({ ...built, analysis, ...measured, provenance, warnings })));
  await writeSamples(config.outDir, measured.run, measured.invocations);
  if (config.shard !== null) {
    journal.header({ built, target: measured.target, provenance, warnings } satisfies Header);
    journal.complete(measured.run, measured.invocations);
  }
  // Later than the journal, or `npm run report` would take the result for that of an earlier run.
  await adapters.publish(result, renderMarkdown(result));
  if (config.shard === null) journal.supersede();
  return result;
}

/** The packages, and the config with what is left to measure: base variants beside head's where they differ. */
async function buildAll(config: Config, adapters: Adapters): Promise<Built> {
  if (config.baseRef === null) return { config, artifacts: await build(config, adapters), base: null };
  await using checkout = await checkOutBase(config.root, config.baseRef, adapters.cacheDir);
  const both = await withBase(config, checkout, (variant) => isBuildable(variant, adapters));
  const { unchanged, ...built } = withoutUnchanged(both, await build(both, adapters));
  return { ...built, base: { ref: config.baseRef, commit: checkout.commit, unchanged } };
}

/** What was measured on a deployment. */
interface Measured {
  readonly target: Target;
  readonly provenance: Result['provenance'];
  readonly run: LoadRun;
  readonly invocations: Iterable<Invocation>;
  readonly collected: Collected;
}

/**
 * deploy -> load -> collect; whatever was deployed is gone when it returns or throws. What could not be removed makes
 * nothing untrue that was measured: it is told.
 */
async function measure(
  built: Built,
  journal: Journal,
  adapters: Adapters,
): Promise<Measured & { readonly remains: readonly Warning[] }> {
  let measured: Measured | null = null;
  try {
    await using deployment = await adapters.cloud.deploy(built.artifacts);
    measured = await measureOn(deployment, built, journal, adapters);
  } catch (error) {
    if (measured === null || adapters.signal.aborted) throw error;
    return { ...measured, remains: [notRemoved(error, adapters.progress)] };
  }
  return { ...measured, remains: [] };
}

function notRemoved(error: unknown, progress: Progress): Warning {
  const words = allThrown(error).flatMap((thrown) =>
    thrown instanceof DuelError ? [thrown.message, thrown.remedy] : [String(thrown)],
  );
  const message = `What was deployed for this run could not be removed. ${words.join(' ')}`;
  progress.line('deploy', message);
  return { code: 'not-removed', message, data: {} };
}

async function measureOn(
  deployment: Deployment,
  built: Built,
  journal: Journal,
  adapters: Adapters,
): Promise<Measured> {
  const { config, artifacts } = built;
  const { target } = deployment;
  const provenance = await readProvenance(built, target);
  journal.header({ built, target, provenance, warnings: adapters.warnings } satisfies Header);
  const records = (run: LoadRun) => recordsOf(run, deployment, () => journal.invocations);
  // The load goes on in this process meanwhile: nothing is gathered but what decides.
  const decided = async (run: LoadRun) => {
    const collected = join(run, await records(run), config.profile);
    return isDecided({ config, artifacts, run, collected, target });
  };
  const looks = config.earlyStop ? { afterBlocks: interimBlocks(config.profile.blocks), decided } : null;
  const run = await load(config, deployment, {
    ...adapters,
    k6: await adapters.tools.k6,
    workDir: tmpdir(),
    journal,
    looks,
  });
  const invocations = await records(run);
  return { target, provenance, run, invocations, collected: collect(run, invocations, shareOf(config)) };
}
