import { BootstraplessSynthesizer, type StackProps } from 'aws-cdk-lib/core';

/** No CDK bootstrap: templates go to CloudFormation inline and packages by the SDK. */
export function synthesizer(): NonNullable<StackProps['synthesizer']> {
  // exactOptionalPropertyTypes rejects the CDK's own class for its own interface.
  return new BootstraplessSynthesizer() as NonNullable<StackProps['synthesizer']>;
}
