/** What tests of the AWS adapter share: an emulator, clients of it, and small functions to deploy. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { type AwsClients, awsClients, type Credentials } from '../../src/cloud/aws/clients.ts';
import type { RunOptions } from '../../src/cloud/aws/deploy.ts';
import { synthFromSource } from '../../src/cloud/aws/synth.ts';
import type { Artifact } from '../../src/model.ts';
import { silent } from '../../src/progress.ts';
import { UNBUILT } from '../fixtures/unbuilt.ts';
import { type Ministack, startMinistack } from './ministack.ts';

const root = resolve(import.meta.dirname, '../../..');

export const synth = synthFromSource(root);

export function emulator(settings: Readonly<Record<string, string>> = {}): Promise<Ministack> {
  return startMinistack({ cacheDir: join(root, '.cache'), progress: silent }, settings);
}

/** Clients of the emulator, which is told that TLS ended in front of it: the buckets refuse plain HTTP. */
export function clientsOf(
  endpoint: string,
  credentials: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' },
): AwsClients {
  const clients = awsClients({ region: 'us-east-1', credentials, endpoint });
  for (const client of Object.values(clients) as AwsClients['sts'][]) {
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-forwarded-proto'] = 'https';
        return next(args);
      },
      { step: 'build' },
    );
  }
  return clients;
}

export function runOptions(clients: AwsClients, runId: string): RunOptions {
  return {
    clients,
    runId,
    repository: 'octo/duel',
    expires: new Date('2030-01-01T00:00:00Z'),
    synth,
    setup: null,
    alternates: false,
    versions: 2,
    progress: silent,
    pollMs: 100,
  };
}

/** A folder of deployment packages, gone with its disposal. */
export class Packages implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lambda-duel-packages-'));

  /** A Python function that answers with its variant's name, the bucket's and the table's. */
  python(name: string): Artifact {
    const handler =
      'import json, os\n' +
      `def handler(event, context):\n    return {"statusCode": 200, "body": json.dumps({"variant": "${name}", ` +
      '"bucket": os.environ["S3_BUCKET_NAME"], "table": os.environ["DYNAMODB_TABLE"]})}\n';
    const bytes = zipSync({ 'main.py': new TextEncoder().encode(handler) });
    const path = join(this.#folder, `${name}.zip`);
    writeFileSync(path, bytes);
    return {
      variant: {
        name,
        source: path,
        build: 'zip',
        runtime: 'python3.12',
        handler: 'main.handler',
        architecture: 'x86_64',
        memoryMb: 512,
        timeoutSeconds: 10,
        environment: {},
      },
      ...UNBUILT,
      path,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      zippedBytes: bytes.length,
      unzippedBytes: handler.length,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Everything in the account that a run could have made: empty when nothing is left behind. */
export async function left({ cloudformation, s3, lambda, logs }: AwsClients): Promise<string[]> {
  const [stacks, buckets, functions, groups] = await Promise.all([
    cloudformation.send(new ListStacksCommand({})),
    s3.send(new ListBucketsCommand({})),
    lambda.send(new ListFunctionsCommand({})),
    logs.send(new DescribeLogGroupsCommand({})),
  ]);
  return [
    ...(stacks.StackSummaries ?? [])
      .filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
      .map(({ StackName }) => `stack ${StackName}`),
    ...(buckets.Buckets ?? []).map(({ Name }) => `bucket ${Name}`),
    ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
  ];
}
