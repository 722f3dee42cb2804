import type { LambdaClient } from '@aws-sdk/client-lambda';
import { fitConcurrency } from './cloud/aws/concurrency.ts';
import { checkBudget, describe, estimate } from './compare/cost/estimate.ts';
import { highestRate, plannedRun } from './compare/cost/planned-run.ts';
import type { Config, Warning } from './model.ts';
import type { Progress } from './progress.ts';

export interface PreflightMeans {
  readonly lambda: LambdaClient;
  /** Null for no limit. */
  readonly budgetUsd: number | null;
  readonly progress: Progress;
}

export interface Preflight {
  /** Opening bursts are no larger than the account allows. */
  readonly config: Config;
  readonly warnings: readonly Warning[];
  /** What the run is estimated to cost, USD. */
  readonly costUsd: number;
}

/**
 * What both entries ask before a run on AWS builds or creates anything: what it will cost, and whether the account can
 * carry it.
 *
 * @throws ConfigError over the budget, or when the region has no prices; DeployError when the account's concurrency is
 * too small.
 */
export async function preflight(config: Config, means: PreflightMeans): Promise<Preflight> {
  const { lambda, budgetUsd, progress } = means;
  const expected = estimate(plannedRun(config));
  for (const line of describe(expected).split('\n')) progress.line('cost', line);
  checkBudget(expected, budgetUsd);
  const { profile, region } = config;
  const need = { environments: profile.environments, rate: highestRate(profile) };
  const { environments, warnings } = await fitConcurrency(lambda, need, region);
  for (const { message } of warnings) progress.line('account', message);
  const fitted = { ...config, profile: { ...profile, environments } };
  return { config: fitted, warnings, costUsd: expected.total };
}
