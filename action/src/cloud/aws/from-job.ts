import { getIDToken } from '@actions/core';
import type { Progress } from '../../progress.ts';
import { type AwsAccount, type AwsCloudOptions, awsAccount } from './aws.ts';
import { expiryFrom, runIdOfJob } from './names.ts';
import type { HiddenSecrets } from './secrets.ts';
import { clientsOf, jobSession, type Session, terminalSession } from './session.ts';
import { sessionName } from './session-name.ts';
import { deleteRun, destroyRun } from './teardown.ts';

/** A job of GitHub Actions, as AWS gets to know it. */
export interface AwsJob {
  readonly region: string;
  /** ARN of the role to assume; null for credentials that an earlier step left in the environment. */
  readonly role: string | null;
  /** `owner/name`. */
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
  /** Tells benchmarks of one workflow run apart. */
  readonly name: string;
  /** Where the job's identity, and credentials if there are any, were put. */
  readonly secrets: HiddenSecrets;
}

/** The AWS that a job's role opens to it. */
export async function awsFromJob(
  job: AwsJob,
  context: Pick<AwsCloudOptions, 'synth' | 'alternates' | 'versions' | 'progress' | 'signal'>,
): Promise<AwsAccount> {
  return awsAccount({
    ...context,
    session: await sessionOf(job),
    runId: runIdOfJob(job),
    repository: job.repository,
    expires: expiryFrom(new Date()),
  });
}

/**
 * For the job's post step: asks first for the deletion of all that a cancelled run left, then empties what keeps it from
 * going and waits. A cancelled job has five minutes for that (GitHub docs, "Workflow cancellation reference").
 */
export async function deleteRunOfJob(job: AwsJob, progress: Progress): Promise<void> {
  const clients = clientsOf(await sessionOf(job));
  await deleteRun(clients, runIdOfJob(job));
  progress.line('aws', 'the deletion of what the run made on AWS has begun');
  await destroyRun(clients, runIdOfJob(job), { progress });
}

export async function sessionOf({
  region,
  role,
  repository,
  runId,
  attempt,
  secrets,
}: AwsJob): Promise<Session> {
  if (role === null) return secrets.reveal(() => terminalSession(region));
  return jobSession(region, {
    role,
    sessionName: sessionName({ repository, runId: String(runId), attempt }),
    // It reads the environment before its first await; see `getIDToken` in @actions/core/lib/oidc-utils.js.
    idToken: (audience) => secrets.reveal(() => getIDToken(audience)),
  });
}
