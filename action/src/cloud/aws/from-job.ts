import { getIDToken } from '@actions/core';
import { type AwsAccount, type AwsCloudOptions, awsAccount } from './aws.ts';
import { expiryFrom, runIdOfJob } from './names.ts';
import type { HiddenSecrets } from './secrets.ts';
import { clientsOf, jobSession, type Session, terminalSession } from './session.ts';
import { sessionName } from './session-name.ts';
import { deleteRun } from './teardown.ts';

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
  context: Pick<AwsCloudOptions, 'synth' | 'alternates' | 'progress' | 'signal'>,
): Promise<AwsAccount> {
  return awsAccount({
    ...context,
    session: await sessionOf(job),
    runId: runIdOfJob(job),
    repository: job.repository,
    expires: expiryFrom(new Date()),
    reservedConcurrency: null,
  });
}

/** For the job's post step: starts the deletion of what a cancelled run left, and waits for nothing. */
export async function deleteRunOfJob(job: AwsJob): Promise<void> {
  await deleteRun(clientsOf(await sessionOf(job)), runIdOfJob(job));
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
