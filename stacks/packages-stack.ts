import { type App, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { OUTPUTS } from '../action/src/cloud/aws/plan.ts';
import { ExpiringBucket } from './expiring-bucket.ts';
import { synthesizer } from './synthesizer.ts';

/** Where the run's deployment packages are uploaded, so that not even these lie outside a stack. */
export class PackagesStack extends Stack {
  constructor(app: App, name: string) {
    super(app, name, {
      synthesizer: synthesizer(),
      description: 'Deployment packages of one Lambda Duel run',
    });
    new CfnOutput(this, OUTPUTS.packagesBucket, { value: new ExpiringBucket(this, 'Packages').bucketName });
  }
}
