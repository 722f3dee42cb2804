import { Match, Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { DEPLOY, RUN, TEARDOWN } from '../action/src/cloud/aws/permissions.ts';
import { setupPlan } from './plans.fixture.ts';
import { SetupStack } from './setup-stack.ts';

const template = Template.fromStack(new SetupStack(new App(), setupPlan));

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

function statementsOf(role: string): Statement[] {
  const policies = template.findResources('AWS::IAM::Policy', {
    Properties: { Roles: [{ Ref: Match.stringLikeRegexp(`^${role}`) }] },
  });
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

describe('the set-up of an account', () => {
  it.each([
    ['duel-setup-run', setupPlan.subjects.run],
    ['duel-setup-teardown', setupPlan.subjects.teardown],
  ])('lets exactly the identities that are given for it assume %s', (RoleName, subjects) => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName,
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Effect: 'Allow',
            Principal: { Federated: Match.anyValue() },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': [...subjects],
              },
            },
          },
        ],
      },
    });
  });

  it('makes GitHub’s OIDC provider, or uses the one that is there', () => {
    template.hasResourceProperties('AWS::IAM::OIDCProvider', {
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    });
    const provider = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
    const reusing = Template.fromStack(new SetupStack(new App(), { ...setupPlan, provider }));
    reusing.resourceCountIs('AWS::IAM::OIDCProvider', 0);
    expect(JSON.stringify(reusing.toJSON())).toContain(`"Federated":"${provider}"`);
  });

  it('gives each role the permissions of the list, each in a statement of its own scope, and no wildcard action', () => {
    const listed = { Run: [...TEARDOWN, ...RUN], Teardown: TEARDOWN, Deploy: DEPLOY };
    for (const [role, permissions] of Object.entries(listed)) {
      const granted = statementsOf(role).flatMap(({ Action }) => Action);
      expect(new Set(granted)).toEqual(new Set(permissions.flatMap(({ actions }) => actions)));
      expect(granted.join()).not.toContain('*');
    }
  });

  it('lets no role pass a role but to the one service it is for, nor make one beyond the boundary', () => {
    const all = ['Run', 'Teardown', 'Deploy'].flatMap(statementsOf);
    const about = (action: string) => all.filter(({ Action }) => [Action].flat().includes(action));
    expect(about('iam:PassRole').map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    ]);
    for (const { Condition } of [...about('iam:CreateRole'), ...about('iam:PutRolePolicy')])
      expect(JSON.stringify(Condition)).toContain('iam:PermissionsBoundary');
  });

  it('lets CloudFormation tag a bucket as it is made, and read of it what no property of ours asks for', () => {
    const onBuckets = statementsOf('Deploy').filter(({ Resource }) =>
      JSON.stringify(Resource).includes(':::lambda-duel-*"'),
    );
    // What the registry lists for AWS::S3::Bucket ("handlers", create and read) since buckets have attribute-based access.
    expect(onBuckets.flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining([
        ...['s3:PutBucketTagging', 's3:TagResource', 's3:ListTagsForResource'],
        ...['s3:GetBucketAbac', 's3:GetBucketMetadataTableConfiguration'],
      ]),
    );
  });

  it('keeps what a run may touch apart from the roles themselves', () => {
    const names = Object.values(template.findResources('AWS::IAM::Role')).map(
      ({ Properties }) => Properties.RoleName,
    );
    expect(names.filter((name: string) => name.startsWith('lambda-duel'))).toEqual([]);
  });

  it('has the template that it had', () => {
    expect(template.toJSON()).toMatchSnapshot();
  });
});
