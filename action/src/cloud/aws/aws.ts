import lambdaClient from '@aws-sdk/client-lambda/package.json' with { type: 'json' };
import type { Artifact, Invocation, Warning } from '../../model.ts';
import type { Cloud, Deployment, InvocationWindow, Signer, Target } from '../cloud.ts';
import type { AwsClients } from './clients.ts';
import { type DeployedFunction, type DeployedRun, deployRun, type RunOptions } from './deploy.ts';
import { emulatedUrl } from './emulator.ts';
import { replaceEnvironments } from './environments.ts';
import { readInvocations } from './invocations.ts';
import { setupOf } from './names.ts';
import { clientsOf, type Session } from './session.ts';
import { functionUrlSigner } from './signing.ts';

export interface AwsCloudOptions extends Omit<RunOptions, 'clients' | 'setup'> {
  readonly session: Session;
}

/** Lambda, S3 and DynamoDB of an AWS account: stacks of their own for every run, gone when it is disposed. */
export function awsCloud(options: AwsCloudOptions): Cloud {
  const { role } = options.session;
  const clients = clientsOf(options.session);
  const setup = role === null ? null : setupOf(role);
  return {
    async deploy(artifacts: readonly Artifact[]): Promise<Deployment> {
      const run = await deployRun(artifacts, { ...options, clients, setup });
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
    this.target = targetOf(options.session, this.#warnings);
    this.endpoints = new Map(
      [...run.functions].map(([variant, { url }]) => [variant, reachable(url, options.session)]),
    );
    this.signer = functionUrlSigner(options.session);
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

function reachable(url: string, { endpoint }: Session): string {
  return endpoint === null ? url : emulatedUrl(endpoint, url);
}

function targetOf({ region, endpoint }: Session, warnings: Warning[]): Target {
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
