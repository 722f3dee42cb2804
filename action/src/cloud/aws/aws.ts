import lambdaClient from '@aws-sdk/client-lambda/package.json' with { type: 'json' };
import type { Artifact, Invocation, Warning } from '../../model.ts';
import type { Cloud, Deployment, Target } from '../cloud.ts';
import { type AwsClients, awsClients } from './clients.ts';
import type { CredentialProvider } from './credentials.ts';
import { type DeployedFunction, type DeployedRun, deployRun, type RunOptions } from './deploy.ts';
import { emulatedUrl } from './emulator.ts';
import { replaceEnvironments } from './environments.ts';
import { type InvocationWindow, readInvocations } from './invocations.ts';
import { functionUrlSigner, type Signer } from './signing.ts';

export interface AwsCloudOptions extends Omit<RunOptions, 'clients'> {
  readonly region: string;
  readonly credentials: CredentialProvider;
  /** What the SDK's `AWS_ENDPOINT_URL` says; null for AWS itself. A run on anything else is never called AWS. */
  readonly endpoint: string | null;
}

/** Lambda, S3 and DynamoDB of an AWS account: stacks of their own for every run, gone when it is disposed. */
export function awsCloud(options: AwsCloudOptions): Cloud {
  const { region, credentials, endpoint } = options;
  const clients = awsClients({ region, credentials, ...(endpoint !== null && { endpoint }) });
  return {
    async deploy(artifacts: readonly Artifact[]): Promise<Deployment> {
      const run = await deployRun(artifacts, { ...options, clients });
      return new AwsDeployment(run, clients, options);
    },
  };
}

class AwsDeployment implements Deployment {
  readonly target: Target;
  readonly endpoints: ReadonlyMap<string, string>;
  readonly signer: Signer;
  readonly #run: DeployedRun;
  readonly #clients: AwsClients;
  readonly #options: AwsCloudOptions;
  readonly #warnings: Warning[];

  constructor(run: DeployedRun, clients: AwsClients, options: AwsCloudOptions) {
    this.#run = run;
    this.#clients = clients;
    this.#options = options;
    this.#warnings = [];
    this.target = targetOf(options, this.#warnings);
    this.endpoints = new Map(
      [...run.functions].map(([variant, { url }]) => [variant, reachable(url, options)]),
    );
    this.signer = functionUrlSigner(options);
  }

  async freshEnvironments(variant: string): Promise<void> {
    const { signal } = this.#options;
    const { name } = this.#functionOf(variant);
    await replaceEnvironments(name, {
      lambda: this.#clients.lambda,
      ...(signal !== undefined && { signal }),
    });
  }

  invocations(window: InvocationWindow): Promise<Invocation[]> {
    const { progress, signal } = this.#options;
    const sources = [...this.#run.functions].map(([variant, { logGroup }]) => ({ variant, logGroup }));
    return readInvocations(sources, window, {
      logs: this.#clients.logs,
      progress,
      warn: (warning) => this.#warnings.push(warning),
      ...(signal !== undefined && { signal }),
    });
  }

  #functionOf(variant: string): DeployedFunction {
    const deployed = this.#run.functions.get(variant);
    if (deployed === undefined) throw new RangeError(`no variant ${variant} is deployed`);
    return deployed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run[Symbol.asyncDispose]();
  }
}

function reachable(url: string, { endpoint }: AwsCloudOptions): string {
  return endpoint === null ? url : emulatedUrl(endpoint, url);
}

function targetOf({ region, endpoint }: AwsCloudOptions, warnings: Warning[]): Target {
  if (endpoint !== null) warnings.push(emulated(endpoint));
  return {
    kind: 'aws',
    label: endpoint === null ? `AWS, ${region}` : `emulated AWS at ${endpoint}, not AWS`,
    region,
    limits: 'Lambda: memory / 1769 MB vCPU',
    tools: { '@aws-sdk/client-lambda': lambdaClient.version, node: process.versions.node },
    warnings,
  };
}

function emulated(endpoint: string): Warning {
  return {
    code: 'emulated-aws',
    message: `The AWS API was answered by ${endpoint}, not by AWS: no number here says anything about Lambda.`,
    data: { endpoint },
  };
}
