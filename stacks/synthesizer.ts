import { BootstraplessSynthesizer, type StackProps } from 'aws-cdk-lib/core';

/** No CDK bootstrap: the SDK uploads packages, and templates that are too long to be sent (`action/src/cloud/aws/upload.ts`). */
export function synthesizer(): NonNullable<StackProps['synthesizer']> {
  // exactOptionalPropertyTypes rejects the CDK's own class for its own interface.
  return new BootstraplessSynthesizer() as NonNullable<StackProps['synthesizer']>;
}
