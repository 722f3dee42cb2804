import {
  ManagedPolicy,
  OidcProviderNative,
  PolicyStatement,
  Role,
  ServicePrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type App, CfnOutput, Duration, Fn, Stack, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { SETUP } from '../action/src/cloud/aws/names.ts';
import {
  BOUNDARY_OF_FUNCTIONS,
  DEPLOY,
  type Permission,
  RUN,
  TEARDOWN,
} from '../action/src/cloud/aws/permissions.ts';
import type { SetupPlan } from '../action/src/cloud/aws/plan.ts';
import { synthesizer } from './synthesizer.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/**
 * What an account needs once: GitHub's OIDC provider, the role a workflow runs as, a role that can only delete, the role
 * CloudFormation acts as, and the boundary of what functions may do.
 */
export class SetupStack extends Stack {
  constructor(app: App, { subjects, provider }: SetupPlan) {
    super(app, SETUP.stack, { synthesizer: synthesizer(), description: 'Roles for Lambda Duel, made once' });
    const boundary = new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: SETUP.boundary,
      description: 'The most that a function of a benchmark run may do',
      statements: BOUNDARY_OF_FUNCTIONS.map(statement),
    });
    acknowledgeWildcards(boundary, BOUNDARY_OF_FUNCTIONS);
    this.#role('Deploy', SETUP.deployRole, new ServicePrincipal('cloudformation.amazonaws.com'), DEPLOY);
    const federation = this.#provider(provider);
    const workflow = (accepted: readonly string[]) =>
      new WebIdentityPrincipal(federation, {
        StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: [...accepted] },
      });
    this.#role('Run', SETUP.runRole, workflow(subjects.run), [...TEARDOWN, ...RUN]);
    this.#role('Teardown', SETUP.teardownRole, workflow(subjects.teardown), TEARDOWN);
  }

  #provider(existing: string | null): string {
    if (existing !== null) return existing;
    const made = new OidcProviderNative(this, 'Provider', {
      url: `https://${ISSUER}`,
      clientIds: [AUDIENCE],
    });
    return made.oidcProviderArn;
  }

  #role(
    id: string,
    roleName: string,
    assumedBy: WebIdentityPrincipal | ServicePrincipal,
    permissions: readonly Permission[],
  ): void {
    const role = new Role(this, id, { roleName, assumedBy, maxSessionDuration: Duration.hours(3) });
    for (const permission of permissions) role.addToPolicy(statement(permission));
    acknowledgeWildcards(role, permissions);
    new CfnOutput(this, `${id}Role`, { value: role.roleArn });
  }
}

/** Names of a run are made when it is created, so that policies can know their beginning only. */
function acknowledgeWildcards(policy: Construct, permissions: readonly Permission[]): void {
  for (const { resource, why } of permissions.filter((permission) => permission.resource.includes('*'))) {
    const finding = resource.replaceAll(/\$\{(.*?)\}/g, '<$1>');
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason: why });
  }
}

function statement({ actions, resource, condition }: Permission): PolicyStatement {
  const conditions = Object.entries(condition ?? {}).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, substituted(value)])),
  ]);
  return new PolicyStatement({
    actions: [...actions],
    resources: [substituted(resource)],
    ...(conditions.length > 0 && { conditions: Object.fromEntries(conditions) }),
  });
}

/** Pseudo parameters (account, partition) are CloudFormation's to fill in. */
const substituted = (text: string): string => (text.includes('$' + '{') ? Fn.sub(text) : text);
