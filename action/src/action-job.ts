/** What main and post step share: the job's inputs, its place, and GitHub. */
import { join } from 'node:path';
import { getInput, setFailed, setSecret, warning } from '@actions/core';
import { context } from '@actions/github';
import type { AwsJob } from './cloud/aws/from-job.ts';
import { type HiddenSecrets, hideSecrets } from './cloud/aws/secrets.ts';
import { allThrown, DuelError } from './errors.ts';
import { type Inputs, readInputs } from './inputs.ts';
import type { Progress } from './progress.ts';
import type { Audience } from './publish/github.ts';
import { connect } from './publish/octokit.ts';
import { readRun } from './publish/run-context.ts';

export interface ActionJob {
  readonly inputs: Inputs;
  /** A build runs whatever a pull request brings, and inherits the environment: they are out of it. */
  readonly secrets: HiddenSecrets;
  readonly audience: Audience;
  /** The consumer's checkout. */
  readonly workspace: string;
  /** Outside of the checkout, which would count as changed. */
  readonly cacheDir: string;
}

/** Throws ConfigError. */
export async function openJob(progress: Progress): Promise<ActionJob> {
  const inputs = readInputs((name) => getInput(name));
  const secrets = hideSecrets(process.env);
  setSecret(inputs.token);
  const client = connect({ token: inputs.token, apiUrl: context.apiUrl, progress });
  const { name, comment, check, failOn } = inputs;
  const warn = (message: string) => warning(message);
  const run = await readRun(context, client, warn);
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  return {
    ...{ inputs, secrets, workspace },
    audience: { client, run, name, comment, check, failOn, warn },
    cacheDir: join(process.env.RUNNER_TEMP ?? join(workspace, '.cache'), 'lambda-duel'),
  };
}

/** The job to AWS, for target `aws`. */
export function awsJobOf({ inputs, secrets, audience }: ActionJob, region: string): AwsJob {
  const { id, attempt, owner, repo } = audience.run;
  const { name, roleToAssume: role } = inputs;
  return { region, role, repository: `${owner}/${repo}`, runId: id, attempt, name, secrets };
}

/** Shows what was thrown where a person looks first: in the job's annotations. @returns the exit code */
export function fail(error: unknown): number {
  setFailed(wordsOf(error).join('\n'));
  return error instanceof DuelError ? error.exitCode : 1;
}

/** Fact and remedy; of a defect of ours its stack. */
export const wordsOf = (error: unknown): string[] => allThrown(error).flatMap(wordsOfOne);

function wordsOfOne(error: unknown): string[] {
  if (error instanceof DuelError) return [error.message, error.remedy];
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return ['This is a defect of ours, please report it.', stack];
}
