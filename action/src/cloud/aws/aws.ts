import type { LambdaClient } from '@aws-sdk/client-lambda';
import lambdaClient from '@aws-sdk/client-lambda/package.json' with { type: 'json' };
import type { Artifact, Invocation, Warning } from '../../model.ts';
import type { Cloud, Deployment, InvocationWindow, Signer, Target } from '../cloud.ts';
import type { AwsClients } from './clients.ts';
import { type DeployedFunction, type DeployedRun, deployRun, type RunOptions } from './deploy.ts';
import { emulatedUrl } from './emulator.ts';
import { replaceEnvironments } from './environments.ts';
import { type LogSource, readInvocations } from './invocations.ts';
import { alternateOf, setupOf } from './names.ts';
import { clientsOf, type Session } from './session.ts';
import { functionUrlSigner } from './signing.ts';
import { moveToNextVersion } from './snap-start.ts';

/** An account that a run may use: asked what it can carry first, deployed to afterwards. */
export interface AwsAccount {
  readonly lambda: LambdaClient;
  readonly cloud: Cloud;
}

export interface AwsCloudOptions extends Omit<RunOptions, 'clients' | 'setup'> {
  readonly session: Session;
}

/** Lambda, S3 and DynamoDB of an AWS account: stacks of their own for every run, gone when it is disposed. */
export function awsAccount(options: AwsCloudOptions): AwsAccount {
  return { lambda: clientsOf(options.session).lambda, cloud: awsCloud(options) };
}

export function awsCloud(options: AwsCloudOptions): Cloud {
  const { role } = options.session;
  const clients = clientsOf(options.session);
  const setup = role === null ? null : setupOf(role);
  return {
    async deploy(artifacts: readonly Artifact[]): Promise<Deployment> {
      const run = await deployRun(artifacts, { ...options, clients, setup });
      const variants = artifacts.map(({ variant }) => variant.name);
      return new AwsDeployment(run, { variants, clients, options });
    },
  };
}

class AwsDeployment implements Deployment {
  readonly target: Target;
  readonly endpoints: ReadonlyMap<string, string>;
  readonly alternates?: ReadonlyMap<string, string>;
  readonly signer: Signer;
  readonly #run: DeployedRun;
  readonly #clients: AwsClients;
  readonly #options: AwsCloudOptions;
  readonly #variants: readonly string[];
  readonly #warnings: Warning[] = [];

  constructor(run: DeployedRun, { variants, clients, options }: Deployed) {
    this.#run = run;
    this.#clients = clients;
    this.#options = options;
    this.#variants = variants;
    this.target = targetOf(options.session, this.#warnings);
    this.endpoints = this.#urls((variant) => variant);
    if (options.alternates) this.alternates = this.#urls(alternateOf);
    this.signer = functionUrlSigner(options.session);
  }

  async freshEnvironments(variant: string, alternate = false): Promise<void> {
    const { signal } = this.#options;
    const { lambda } = this.#clients;
    const { name, unusedVersions } = this.#function(alternate ? alternateOf(variant) : variant);
    if (unusedVersions === null)
      await replaceEnvironments(name, { lambda, ...(signal !== undefined && { signal }) });
    else await moveToNextVersion(name, unusedVersions, lambda);
  }

  invocations(window: InvocationWindow): Promise<Invocation[]> {
    const { progress, signal } = this.#options;
    return readInvocations(this.#logSources(), window, {
      logs: this.#clients.logs,
      progress,
      warn: (warning) => this.#warnings.push(warning),
      ...(signal !== undefined && { signal }),
    });
  }

  #logSources(): LogSource[] {
    const ids = (variant: string) => [variant, ...(this.#options.alternates ? [alternateOf(variant)] : [])];
    return this.#variants.flatMap((variant) =>
      ids(variant).map((id) => ({ variant, logGroup: this.#function(id).logGroup })),
    );
  }

  #urls(idOf: (variant: string) => string): Map<string, string> {
    const url = (id: string) => reachable(this.#function(id).url, this.#options.session);
    return new Map(this.#variants.map((variant) => [variant, url(idOf(variant))]));
  }

  #function(id: string): DeployedFunction {
    const deployed = this.#run.functions.get(id);
    if (deployed === undefined) throw new RangeError(`no function ${id} is deployed`);
    return deployed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run[Symbol.asyncDispose]();
  }
}

interface Deployed {
  readonly variants: readonly string[];
  readonly clients: AwsClients;
  readonly options: AwsCloudOptions;
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
