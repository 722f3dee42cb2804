import { createHash } from 'node:crypto';

/** Everything a run makes on AWS is in CloudFormation stacks, and every name begins like this: policies rely on it. */
export const PREFIX = 'lambda-duel';

/** Tags of a run's stacks; CloudFormation gives them to all that is in them. The janitor decides by them. */
export const TAGS = {
  run: `${PREFIX}:run`,
  repository: `${PREFIX}:repository`,
  /** ISO 8601; after it the janitor deletes the stack. */
  expires: `${PREFIX}:expires`,
} as const;

/** Load lasts four hours at most, and `--start-at` waits for two: what is there after eight was left behind. */
export function expiryFrom(now: Date): Date {
  return new Date(now.getTime() + 8 * 3_600_000);
}

/**
 * Names of what `npm run setup:aws` makes once for an account. None begins with PREFIX, so nothing that may touch a
 * run's resources may touch these.
 */
export const SETUP = {
  stack: 'duel-setup',
  runRole: 'duel-setup-run',
  teardownRole: 'duel-setup-teardown',
  /** CloudFormation acts as this role, so that the role a workflow can assume creates nothing itself. */
  deployRole: 'duel-setup-deploy',
  boundary: 'duel-setup-boundary',
} as const;

const RUN_ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The two stacks of a run. `packages` comes first: it holds the bucket that the functions' code is read from. */
export interface RunStacks {
  readonly benchmark: string;
  readonly packages: string;
}

/**
 * The run's stacks: known before anything is created, so that whoever cleans up after a run needs its id only.
 *
 * @param runId 1 to 40 lower-case letters, digits and hyphens, unique among the account's runs of a day.
 */
export function stacksOf(runId: string): RunStacks {
  if (!RUN_ID.test(runId)) throw new RangeError(`"${runId}" is no run id: it must match ${RUN_ID}`);
  return { benchmark: `${PREFIX}-${runId}`, packages: `${PREFIX}-${runId}-packages` };
}

/** The function that alternates with a variant's first one. No variant's name has a dot. */
export const alternateOf = (variant: string): string => `${variant}.alternate`;

/** Where a function logs: no output of the stack is needed to find it. */
export function logGroupOf(stackName: string, functionId: string): string {
  return `/${PREFIX}/${stackName}/${functionId}`;
}

/**
 * The run id of a job of GitHub Actions: known to its post step and to the jobs after it. Jobs of one run are told apart
 * by the names they report under.
 */
export function runIdOfJob(job: {
  readonly runId: number;
  readonly attempt: number;
  readonly name: string;
}): string {
  const name = createHash('sha256').update(job.name).digest('hex').slice(0, 6);
  return `${job.runId}-${job.attempt}-${name}`;
}

/**
 * What `setup:aws` made beside the run role or the teardown role that a workflow is given: all are in one account.
 *
 * @returns null for a role that somebody made otherwise
 */
export function setupOf(
  role: string,
): { readonly deployRole: string; readonly permissionsBoundary: string } | null {
  const [account, name = ''] = role.split(':role/');
  if (name !== SETUP.runRole && name !== SETUP.teardownRole) return null;
  return {
    deployRole: `${account}:role/${SETUP.deployRole}`,
    permissionsBoundary: `${account}:policy/${SETUP.boundary}`,
  };
}
