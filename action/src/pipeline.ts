import { tmpdir } from 'node:os';
import { build } from './build/build.ts';
import type { BuildPlatform } from './build/platform.ts';
import type { Cloud, Target } from './cloud/cloud.ts';
import { collect } from './collect/collect.ts';
import { compare } from './compare/compare.ts';
import { load } from './load/load.ts';
import type { Artifact, Collected, Config, LoadRun } from './model.ts';
import type { Progress } from './progress.ts';
import { readProvenance } from './provenance.ts';
import { assemble } from './report/assemble.ts';
import { parseResult, serialize } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';
import type { Result } from './result.ts';
import type { Tools } from './tools/tools.ts';

/** What the entry chooses: the cloud behind the port, where results go, and the tools already found. */
export interface Adapters {
  readonly cloud: Cloud;
  readonly publish: (result: Result, report: string) => Promise<void>;
  /** Where packages will run. */
  readonly platform: BuildPlatform;
  readonly tools: Tools & { readonly k6: string };
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** config -> build -> deploy -> load -> collect -> compare -> report -> publish. */
export async function pipeline(config: Config, adapters: Adapters): Promise<Result> {
  const artifacts = await build(config, adapters);
  const measured = await measure(config, artifacts, adapters);
  const analysis = compare({ config, artifacts, ...measured });
  const provenance = await readProvenance(config, artifacts, measured.target);
  // Through its stored form, so that the report is the one anybody can render again from result.json.
  const result = parseResult(serialize(assemble({ config, artifacts, provenance, analysis, ...measured })));
  await adapters.publish(result, renderMarkdown(result));
  return result;
}

interface Measured {
  readonly target: Target;
  readonly run: LoadRun;
  readonly collected: Collected;
}

/** deploy -> load -> collect; whatever was deployed is gone when it returns or throws. */
async function measure(
  config: Config,
  artifacts: readonly Artifact[],
  adapters: Adapters,
): Promise<Measured> {
  await using deployment = await adapters.cloud.deploy(artifacts);
  const run = await load(config, deployment, { ...adapters, k6: adapters.tools.k6, workDir: tmpdir() });
  const collected = await collect(run, deployment, config.profile);
  return { target: deployment.target, run, collected };
}
