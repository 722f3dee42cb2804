import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FunctionPlan } from '../action/src/cloud/aws/plan.ts';

export interface BenchmarkFunctionProps extends Omit<FunctionPlan, 'variant'> {
  readonly packages: IBucket;
  /** Takes the function's objects. */
  readonly bucket: Bucket;
  readonly table: Table;
}

/** A variant: function, URL that wants a signature, log group of its own, and a role that can do what it must only. */
export class BenchmarkFunction extends Construct {
  readonly name: string;
  readonly url: string;

  constructor(scope: Construct, variant: string, props: BenchmarkFunctionProps) {
    super(scope, variant);
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
    const lambda = new LambdaFunction(this, 'Function', { ...settingsOf(props), role, logGroup });
    this.name = lambda.functionName;
    this.url = lambda.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
  }
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
    ...(props.reservedConcurrency !== null && { reservedConcurrentExecutions: props.reservedConcurrency }),
    // JSON at INFO is what makes Lambda write `platform.report` records.
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.INFO,
  };
}
