import { Match, Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ALIAS } from '../action/src/cloud/aws/plan.ts';
import { BenchmarkStack } from './benchmark-stack.ts';
import { PackagesStack } from './packages-stack.ts';
import { benchmarkPlan, snapStartPlan } from './plans.fixture.ts';
import { templates } from './templates.ts';

const template = Template.fromStack(new BenchmarkStack(new App(), benchmarkPlan));
const packages = Template.fromStack(new PackagesStack(new App(), benchmarkPlan.stacks.packages));

describe('the stack of a run', () => {
  it.each([
    ['run', template],
    ['packages', packages],
  ])('keeps its %s bucket private, encrypted, by TLS only, for a day, and lets it be deleted', (_, stack) => {
    stack.hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketEncryption: Match.anyValue(),
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 1, Status: 'Enabled' })] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
      DeletionPolicy: 'Delete',
    });
    stack.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  it('has a table that costs nothing unused and goes with it', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: { BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      DeletionPolicy: 'Delete',
    });
  });

  it('lets a function do what the config says its variant needs', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Resource: 'arn:aws:sqs:us-east-1:123456789012:jobs',
          },
        ]),
      },
    });
  });

  it('has a function for every variant as the plan says', () => {
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'provided.al2023',
      Handler: 'bootstrap',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 10,
      Code: { S3Bucket: { Ref: 'PackagesBucket' }, S3Key: 'bbbb.zip' },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'python3.13',
      Environment: {
        Variables: { LEVEL: 'warn', S3_BUCKET_NAME: Match.anyValue(), DYNAMODB_TABLE: Match.anyValue() },
      },
    });
  });

  it('has Lambda write its reports as JSON, into a group of the variant’s own that is kept for a day', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'INFO', LogGroup: { Ref: Match.anyValue() } },
    });
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: '/lambda-duel/lambda-duel-1/rust-arm', RetentionInDays: 1 },
      DeletionPolicy: 'Delete',
    });
  });

  it('lets nobody call a function without a signature', () => {
    template.resourceCountIs('AWS::Lambda::Url', 2);
    template.allResourcesProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  it('gives a function its own role with no managed policy, within the boundary', () => {
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.allResourcesProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      PermissionsBoundary: 'arn:aws:iam::123456789012:policy/duel-setup-boundary',
    });
  });

  it('lets a function write objects, items and its log, and nothing else of its own accord', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      const all = Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
      const statements = all.filter(({ Action }) => Action !== 'sqs:SendMessage');
      expect(statements.map(({ Action }) => Action[0])).toEqual([
        'logs:CreateLogStream',
        's3:PutObject',
        'dynamodb:BatchWriteItem',
      ]);
      expect(JSON.stringify(statements)).not.toMatch(/"Resource":"\*"|s3:Get|dynamodb:(Get|Scan|Query)/);
    }
  });

  it('is synthesized the same each time, and small enough to be sent inline', () => {
    const [first, second] = [templates(benchmarkPlan), templates(benchmarkPlan)];
    expect(first).toEqual(second);
    // CloudFormation's limit for a template in the request itself.
    for (const text of Object.values(first)) expect(text.length).toBeLessThan(51_200);
  });

  it('has the template that it had', () => {
    expect(template.toJSON()).toMatchSnapshot();
    expect(packages.toJSON()).toMatchSnapshot();
  });
});

describe('a function with SnapStart', () => {
  const stack = Template.fromStack(new BenchmarkStack(new App(), snapStartPlan));
  const idOf = (type: string) => Object.keys(stack.findResources(type))[0];

  it('has its snapshot taken when a version is published, of which the stack has one', () => {
    stack.hasResourceProperties('AWS::Lambda::Function', { SnapStart: { ApplyOn: 'PublishedVersions' } });
    stack.resourceCountIs('AWS::Lambda::Version', 1);
    stack.hasResourceProperties('AWS::Lambda::Version', {
      FunctionName: { Ref: idOf('AWS::Lambda::Function') },
    });
  });

  it('has the URL of an alias, which the run moves from version to version', () => {
    stack.hasResourceProperties('AWS::Lambda::Alias', {
      Name: ALIAS,
      FunctionName: { Ref: idOf('AWS::Lambda::Function') },
      FunctionVersion: { 'Fn::GetAtt': [idOf('AWS::Lambda::Version'), 'Version'] },
    });
    stack.resourceCountIs('AWS::Lambda::Url', 1);
    stack.hasResource('AWS::Lambda::Url', {
      Properties: { AuthType: 'AWS_IAM', Qualifier: ALIAS },
      DependsOn: [idOf('AWS::Lambda::Alias')],
    });
    stack.hasOutput('Function0Url', {
      Value: { 'Fn::GetAtt': [idOf('AWS::Lambda::Url'), 'FunctionUrl'] },
    });
  });

  it('is synthesized the same each time, as any other', () => {
    expect(templates(snapStartPlan)).toEqual(templates(snapStartPlan));
  });

  it('is one that asked for it: nothing of it is there by default', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { SnapStart: Match.absent() });
    template.resourceCountIs('AWS::Lambda::Version', 0);
    template.resourceCountIs('AWS::Lambda::Alias', 0);
  });
});
