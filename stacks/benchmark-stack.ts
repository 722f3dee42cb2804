import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type App, CfnOutput, CfnParameter, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { type BenchmarkPlan, OUTPUTS, PACKAGES_BUCKET } from '../action/src/cloud/aws/plan.ts';
import { BenchmarkFunction } from './benchmark-function.ts';
import { ExpiringBucket } from './expiring-bucket.ts';
import { synthesizer } from './synthesizer.ts';

/** One run: a bucket, a table, and a function per variant. Names are CloudFormation's and begin with the stack's. */
export class BenchmarkStack extends Stack {
  constructor(app: App, { stacks, functions, permissionsBoundary }: BenchmarkPlan) {
    super(app, stacks.benchmark, {
      synthesizer: synthesizer(),
      description: 'One Lambda Duel run: functions and their storage',
    });
    const shared = {
      packages: this.#packages(),
      bucket: new ExpiringBucket(this, 'Bucket'),
      table: this.#table(),
    };
    for (const [index, { id, ...settings }] of functions.entries()) {
      const { name, url } = new BenchmarkFunction(this, id, { ...settings, ...shared });
      new CfnOutput(this, OUTPUTS.functionName(index), { value: name });
      new CfnOutput(this, OUTPUTS.functionUrl(index), { value: url });
    }
    if (permissionsBoundary !== null) {
      const boundary = ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', permissionsBoundary);
      PermissionsBoundary.of(this).apply(boundary);
    }
  }

  #packages() {
    const name = new CfnParameter(this, PACKAGES_BUCKET, { description: 'Bucket of the packages stack' });
    return Bucket.fromBucketName(this, 'Packages', name.valueAsString);
  }

  #table(): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Nothing in the table is worth recovering: it is deleted with the run.',
    });
    return table;
  }
}
