import { DeployError } from '../../errors.ts';
import type { AwsClients } from './clients.ts';
import { type Outputs, startStack, untilCreated, updateStack, type Watch } from './create-stack.ts';
import { SETUP } from './names.ts';
import { BOUNDARY_OF_FUNCTIONS, DEPLOY, type Permission, RUN, TEARDOWN } from './permissions.ts';
import type { SetupPlan } from './plan.ts';
import { findStack } from './teardown.ts';

/** Which workflows may use the account. */
export interface Trusted {
  /** `owner/name`. */
  readonly repository: string;
  /** GitHub environment that the job must run in: its rules decide who may spend money, or delete. */
  readonly environment: string;
  /** GitHub's ids of the owner and the repository; null leaves the id-carrying form of `sub` out. */
  readonly ids: { readonly owner: string; readonly repository: string } | null;
}

/**
 * The `sub` claims that GitHub can give such a job, in full. Repositories made since 2026-07-15 carry ids, so that a
 * name taken over by somebody else is not trusted; older ones do not.
 */
export function subjectsOf({ repository, environment, ids }: Trusted): string[] {
  const [owner, name] = repository.split('/');
  const place = `environment:${environment}`;
  const classic = `repo:${repository}:${place}`;
  return ids === null
    ? [classic]
    : [classic, `repo:${owner}@${ids.owner}/${name}@${ids.repository}:${place}`];
}

/** What will be made, in words: read before saying yes to it. */
export function describePlan(
  plan: SetupPlan,
  place: { readonly account: string; readonly region: string },
): string {
  return [
    `Stack ${SETUP.stack} in account ${place.account}, ${place.region}:`,
    plan.provider === null
      ? '  GitHub’s OIDC provider (an account has one only; give --existing-provider ARN if it is there already)'
      : `  uses the OIDC provider ${plan.provider}`,
    `  role ${SETUP.runRole}, assumed by a job whose identity is exactly one of`,
    ...plan.subjects.run.map((subject) => `    ${subject}`),
    ...(plan.subjects.run.length > 1 ? [] : [IDS_MISSING]),
    ...listed([...TEARDOWN, ...RUN]),
    `  role ${SETUP.teardownRole}, which can only delete, assumed by a job whose identity is exactly one of`,
    ...plan.subjects.teardown.map((subject) => `    ${subject}`),
    ...listed(TEARDOWN),
    `  role ${SETUP.deployRole}, assumed by CloudFormation`,
    ...listed(DEPLOY),
    `  policy ${SETUP.boundary}, the most a benchmarked function may do`,
    ...listed(BOUNDARY_OF_FUNCTIONS),
  ].join('\n');
}

/** Its default is the identity of an older repository; which one this is cannot be told from here. */
const IDS_MISSING =
  '    (a repository made since 2026-07-15 has ids in its identity: give --owner-id and --repository-id)';

function listed(permissions: readonly Permission[]): string[] {
  return permissions.map(
    ({ actions, resource, why }) => `    ${actions.join(', ')}\n      on ${resource}: ${why}`,
  );
}

/** Creates the set-up stack, or brings the one that is there up to date. */
export async function applySetup(
  { cloudformation }: AwsClients,
  template: string,
  watch: Watch,
): Promise<Outputs> {
  const name = SETUP.stack;
  const present = await findStack(cloudformation, name);
  try {
    if (present?.StackId !== undefined)
      return await updateStack(cloudformation, { name, stackId: present.StackId, template }, watch);
    const stackId = await startStack(cloudformation, { name, template, tags: {}, role: null });
    return await untilCreated(cloudformation, { name, stackId }, watch);
  } catch (error) {
    throw secondSetup(error) ?? secondProvider(error) ?? error;
  }
}

/** Names of roles and policies hold for all regions of an account, and so do the rights. */
function secondSetup(error: unknown): DeployError | null {
  if (
    !(error instanceof DeployError) ||
    !/AWS::IAM::(Role|ManagedPolicy)\b.*already exists/s.test(error.message)
  )
    return null;
  return new DeployError(
    'The account is set up already, from another region, and its roles hold in every region.',
    'Set the variable BENCH_REGION to where runs are to be, and no more; to change the roles, give the --region of the first time.',
    { cause: error },
  );
}

function secondProvider(error: unknown): DeployError | null {
  if (!(error instanceof DeployError) || !/OIDCProvider.*already exists/is.test(error.message)) return null;
  return new DeployError(
    'The account has GitHub’s OIDC provider already, and can have it once only.',
    'Run again with --existing-provider arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com',
    { cause: error },
  );
}
