import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { explainRefusal } from './refusal.ts';

/** A provider is asked again when its credentials come within five minutes of their expiry. */
export type Credentials = NonNullable<CloudFormationClientConfig['credentials']>;

export interface AwsClientsOptions {
  readonly region: string;
  readonly credentials: Credentials;
  /** Another endpoint for every service. Without it the SDK's own `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` hold. */
  readonly endpoint?: string;
}

export interface AwsClients {
  readonly cloudformation: CloudFormationClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
}

/** Requests a client sends before it gives up; standard mode waits between them by exponential backoff with full jitter. */
const MAX_ATTEMPTS = 8;
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 60_000 };

/** The SDK's clients for one region and one identity; all share what they retry and how long they wait. */
export function awsClients({ region, credentials, endpoint }: AwsClientsOptions): AwsClients {
  const shared = {
    region,
    credentials,
    retryMode: 'standard',
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: TIMEOUTS,
    ...(endpoint !== undefined && { endpoint }),
  };
  return {
    cloudformation: explaining(new CloudFormationClient(shared)),
    s3: explaining(new S3Client(shared)),
    lambda: explaining(new LambdaClient(shared)),
    logs: explaining(new CloudWatchLogsClient(shared)),
    sts: explaining(new STSClient(shared)),
  };
}

/** Makes a refused call say which permission is missing, wherever it is made from. */
function explaining<Client extends AwsClients[keyof AwsClients]>(client: Client): Client {
  // The stacks differ in their types only, which know each service's own inputs and outputs.
  const { middlewareStack } = client as unknown as STSClient;
  middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw explainRefusal(error, context);
      }
    },
    { step: 'initialize', name: 'explainRefusal' },
  );
  return client;
}
