import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type CfnPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Alias,
  Architecture,
  type CfnFunction,
  Code,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket, CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ALIAS, type FunctionPlan } from '../action/src/cloud/aws/plan.ts';

export interface BenchmarkFunctionProps extends Omit<FunctionPlan, 'id'> {
  readonly packages: IBucket;
  /** Takes the function's objects. */
  readonly bucket: Bucket;
  readonly table: Table;
}

/** A variant: function, URL that wants a signature, log group of its own, and a role that can do what it must only. */
export class BenchmarkFunction extends Construct {
  readonly name: string;
  readonly url: string;

  constructor(scope: Construct, id: string, props: BenchmarkFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: props.logGroup,
      retention: RetentionDays.ONE_DAY,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The CDK's default role has a managed policy, which may write to any log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    props.bucket.grantPut(role);
    props.table.grantWriteData(role);
    for (const { actions, resources } of props.permissions ?? [])
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    acknowledgeWildcards(role, props.bucket);
    const lambda = new LambdaFunction(this, 'Function', { ...settingsOf(props), role, logGroup });
    dependOnPolicyOnly(lambda, role);
    Validations.of(lambda).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The runtime belongs to what is measured, and the config chooses it.',
    });
    this.name = lambda.functionName;
    const called = props.snapStart === true ? snapStarted(lambda) : lambda;
    this.url = called.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
  }
}

/**
 * Lambda takes snapshots of published versions only. The first one belongs to the stack; the run publishes the others and
 * moves the alias on (`action/src/cloud/aws/snap-start.ts`).
 */
function snapStarted(lambda: LambdaFunction): Alias {
  // The construct's own setting asks a list of the CDK about the runtime, which knows nothing of one given by its name.
  (lambda.node.defaultChild as CfnFunction).snapStart = { applyOn: 'PublishedVersions' };
  return lambda.addAlias(ALIAS);
}

/** The CDK names the role too, on which the function depends anyway (cfn-lint W3005). */
function dependOnPolicyOnly(lambda: LambdaFunction, role: Role): void {
  const policy = role.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy;
  (lambda.node.defaultChild as CfnFunction).addOverride('DependsOn', [Stack.of(role).getLogicalId(policy)]);
}

function acknowledgeWildcards(role: Role, bucket: Bucket): void {
  const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
  Validations.of(role).acknowledge(
    {
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/*]`,
      reason: 'A function chooses the keys of its objects, in the bucket of its run.',
    },
    {
      id: 'AwsSolutions-IAM5[Action::s3:Abort*]',
      reason: 'Part of the CDK’s grantPut: whoever may upload in parts may give an upload up.',
    },
  );
}

function settingsOf(props: BenchmarkFunctionProps) {
  return {
    runtime: new Runtime(props.runtime),
    handler: props.handler,
    code: Code.fromBucket(props.packages, props.packageKey),
    architecture: props.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    memorySize: props.memoryMb,
    timeout: Duration.seconds(props.timeoutSeconds),
    environment: {
      ...props.environment,
      S3_BUCKET_NAME: props.bucket.bucketName,
      DYNAMODB_TABLE: props.table.tableName,
    },
    // JSON at INFO is what makes Lambda write `platform.report` records.
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.INFO,
  };
}
