/** The action's entry: measures on the cloud that the inputs name, and tells GitHub. */
import { join } from 'node:path';
import { saveState, setFailed, setOutput } from '@actions/core';
import { type ActionJob, fail, openJob, wordsOf } from './action-job.ts';
import { actionLog } from './action-log.ts';
import { bench } from './bench.ts';
import { run } from './command.ts';
import { resolveConfig } from './config/config.ts';
import type { Config } from './model.ts';
import { writeFiles } from './publish/files.ts';
import { announce, conclude, fileUrl, retire } from './publish/github.ts';
import { keepReport } from './publish/keep-report.ts';
import { reportCharts, reportFiles } from './publish/report-files.ts';
import { writeSummary } from './publish/summary.ts';
import { conclusionOf, outcomeOf } from './report/outcome.ts';
import type { Result } from './result.ts';

const log = actionLog();

process.exitCode = await run(async (signal) => {
  const job = await openJob(log);
  const config = configOf(job);
  const checkId = await announce(job.audience, [planOf(config)]);
  // What the post step needs to know, should this process be killed before the end.
  saveState('running', JSON.stringify({ checkId }));
  const result = await measured(job, config, { checkId, signal });
  setOutputs(config, result);
  await tell(job, result, { checkId, signal });
  saveState('running', '');
  return verdict(job, result);
}, fail);
log.end();

function configOf({ inputs, workspace, cacheDir }: ActionJob): Config {
  const out = join(cacheDir, 'report', inputs.name.replaceAll(' ', '-'));
  return resolveConfig({ ...inputs.arguments, out }, { root: workspace, cwd: workspace, now: new Date() });
}

function planOf({ profile, variants }: Config): string {
  return `Profile ${profile.name}: ${profile.blocks} blocks of ${variants.map(({ name }) => name).join(', ')}.`;
}

interface Ongoing {
  readonly checkId: number | null;
  readonly signal: AbortSignal;
}

/** A run that fails says so on GitHub; for a cancelled one, which has only seconds left, the post step does. */
async function measured(job: ActionJob, config: Config, { checkId, signal }: Ongoing): Promise<Result> {
  const { cacheDir } = job;
  const publish = (result: Result, report: string) => writeFiles(config.outDir, result, report);
  try {
    return await bench(config, { cacheDir, progress: log, signal, publish });
  } catch (error) {
    if (!signal.aborted) {
      await retire(job.audience, checkId, 'failed', wordsOf(error));
      saveState('running', '');
    }
    throw error;
  }
}

function setOutputs({ outDir }: Config, result: Result): void {
  setOutput('verdict', outcomeOf(result));
  setOutput('report-path', join(outDir, 'report.md'));
  setOutput('result-path', join(outDir, 'result.json'));
  setOutput('cost-usd', 0);
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
