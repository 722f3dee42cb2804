/** The action's entry: measures on the cloud that the inputs name, and tells GitHub. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFailed, setOutput } from '@actions/core';
import { type ActionJob, awsJobOf, fail, openJob, wordsOf } from './action-job.ts';
import { actionLog } from './action-log.ts';
import { keepState } from './action-state.ts';
import { bench } from './bench.ts';
import type { SynthCommand } from './cloud/aws/synth.ts';
import { run } from './command.ts';
import { resolveConfig } from './config/config.ts';
import { versionsNeeded } from './config/snap-start.ts';
import { ConfigError } from './errors.ts';
import { isJournal, journalIn } from './load/journal.ts';
import { mergeJournals } from './merge/merge-journals.ts';
import type { Config } from './model.ts';
import { preflight } from './preflight.ts';
import { writeFiles } from './publish/files.ts';
import { announce, conclude, fileUrl, retire } from './publish/github.ts';
import { writeSummary } from './publish/job-summary.ts';
import { keepReport } from './publish/keep-report.ts';
import { reportCharts, reportFiles } from './publish/report-files.ts';
import { SAMPLES } from './publish/samples.ts';
import { conclusionOf, outcomeOf } from './report/outcome.ts';
import type { Result } from './result.ts';

const log = actionLog();
/** The bundle of `stacks/synth.ts`, which lies beside that of this file. */
const SYNTH: SynthCommand = [process.execPath, fileURLToPath(new URL('./synth.mjs', import.meta.url))];

process.exitCode = await run(async (signal) => {
  const job = await openJob(log);
  const config = configOf(job);
  const checkId = await announce(job.audience, [planOf(config)]);
  // Before the run, because one that fails, or is cancelled, tells nothing afterwards.
  setOutput('journal-path', journalIn(config.outDir));
  keepState({ checkId, region: job.inputs.arguments.target === 'aws' ? config.region : null });
  const { result, costUsd } = await measured(job, config, { checkId, signal });
  setOutputs(config, result, costUsd);
  await tell(job, result, { checkId, signal });
  return verdict(job, result);
}, fail);
log.end();

function configOf({ inputs, workspace, cacheDir }: ActionJob): Config {
  const out = join(cacheDir, 'report', inputs.name.replaceAll(' ', '-'));
  const place = { root: workspace, cwd: workspace, now: new Date() };
  const config = resolveConfig({ ...inputs.arguments, out }, place);
  return { ...config, region: inputs.region ?? config.region };
}

function planOf({ profile, variants }: Config): string {
  return `Profile ${profile.name}: ${profile.blocks} blocks of ${variants.map(({ name }) => name).join(', ')}.`;
}

interface Measured {
  readonly result: Result;
  /** Estimated; 0 for a local run. */
  readonly costUsd: number;
}

interface Ongoing {
  readonly checkId: number | null;
  readonly signal: AbortSignal;
}

/** A run that fails says so on GitHub; for a cancelled one, which has only seconds left, the post step does. */
async function measured(job: ActionJob, config: Config, { checkId, signal }: Ongoing): Promise<Measured> {
  const { cacheDir } = job;
  const publish = (result: Result, report: string) => writeFiles(config.outDir, result, report);
  try {
    if (job.inputs.merge !== null) return { result: await merged(job.inputs.merge, config), costUsd: 0 };
    const { costUsd, ...ready } = await prepared(job, config, signal);
    const result = await bench(ready.config, ready.aws, { cacheDir, progress: log, signal, publish });
    return { result, costUsd };
  } catch (error) {
    if (!signal.aborted) {
      await retire(job.audience, checkId, 'failed', wordsOf(error));
      keepState(null);
    }
    throw error;
  }
}

/** The journals of all shards lie in folders of their own; a single one may lie there as it is, as download-artifact puts it. */
function merged(folder: string, { root, outDir }: Config): Promise<Result> {
  const path = resolve(root, folder);
  if (!existsSync(path))
    throw new ConfigError(
      `There is no folder ${path} with the journals of shards.`,
      'Download what each shard left at its journal-path into a folder of its own there.',
    );
  const inside = () =>
    readdirSync(path)
      .sort()
      .map((name) => join(path, name));
  return mergeJournals(isJournal(path) ? [path] : inside(), outDir);
}

/** The account's clients are loaded only when wanted, for they are large. */
async function prepared(job: ActionJob, config: Config, signal: AbortSignal) {
  if (job.inputs.arguments.target === 'local') return { config, aws: null, costUsd: 0 };
  const { awsFromJob } = await import('./cloud/aws/from-job.ts');
  const alternates = config.profile.freshEnvironments;
  const versions = versionsNeeded(config.profile);
  const context = { synth: SYNTH, alternates, versions, progress: log, signal };
  const { lambda, cloud } = await awsFromJob(awsJobOf(job, config.region), context);
  const { budgetUsd } = job.inputs.arguments;
  const { warnings, ...fitted } = await preflight(config, { lambda, budgetUsd, progress: log });
  return { ...fitted, aws: { cloud, warnings } };
}

function setOutputs({ outDir, shard }: Config, result: Result, costUsd: number): void {
  setOutput('verdict', outcomeOf(result));
  setOutput('report-path', join(outDir, 'report.md'));
  setOutput('result-path', join(outDir, 'result.json'));
  setOutput('samples-path', join(outDir, SAMPLES));
  setOutput('cost-usd', Math.ceil(costUsd * 100) / 100);
  setOutput('journal-path', shard === null ? '' : journalIn(outDir));
}

/** The commit comes first, because all else links to it; its failure keeps the verdict from nobody. */
async function tell(job: ActionJob, result: Result, { checkId, signal }: Ongoing): Promise<void> {
  const { inputs, audience } = job;
  const [kept] = await Promise.allSettled([
    keepReport(result, reportFiles(result), {
      ...{ mode: inputs.reportMode, branch: inputs.reportBranch, token: inputs.token },
      ...{ client: audience.client, run: audience.run, progress: log, signal },
    }),
  ]);
  const page = { committed: kept.status === 'fulfilled' ? kept.value : null, charts: reportCharts(result) };
  setOutput('report-url', fileUrl(audience.run, page, 'blob', 'report.md') ?? '');
  await writeSummary(result, audience.run, page);
  await conclude(audience, checkId, result, page);
  // All is told: the post step would call a run cancelled whose report alone was refused.
  keepState(null);
  if (kept.status === 'rejected') throw kept.reason;
}

function verdict({ inputs }: ActionJob, result: Result): number {
  const outcome = outcomeOf(result);
  if (conclusionOf(result, inputs.failOn) !== 'failure') {
    log.line('verdict', outcome);
    return 0;
  }
  setFailed(
    `The verdict is ${outcome}, and fail-on is ${inputs.failOn}. The job summary shows which metrics.`,
  );
  return 1;
}
