import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  AssumeRoleWithWebIdentityCommand,
  GetFederationTokenCommand,
  type Credentials as SessionCredentials,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clientsOf,
  emulator,
  left,
  Packages,
  runOptions,
  synth,
} from '../../../test/aws/emulated-account.ts';
import type { Ministack } from '../../../test/aws/ministack.ts';
import { DeployError } from '../../errors.ts';
import { silent } from '../../progress.ts';
import type { AwsClients } from './clients.ts';
import { startStack, untilCreated } from './create-stack.ts';
import { deployRun } from './deploy.ts';
import { SETUP, setupOf } from './names.ts';
import { synthesize } from './synth.ts';
import { destroyRun } from './teardown.ts';

const SUBJECT = 'repo:octo/duel:environment:aws';
const PROVIDER = 'arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com';
let ministack: Ministack;
let admin: AwsClients;
let roles: Readonly<Record<string, string>>;
const packages = new Packages();
const artifacts = [packages.python('fast')];

beforeAll(async () => {
  ministack = await emulator({ AUTH: 'true' });
  admin = clientsOf(ministack.endpoint);
  const plan = {
    kind: 'setup',
    subjects: { run: [SUBJECT], teardown: [SUBJECT] },
    provider: PROVIDER,
  } as const;
  const { [SETUP.stack]: template = '' } = await synthesize(plan, { command: synth });
  const name = SETUP.stack;
  const stackId = await startStack(admin.cloudformation, { name, template, tags: {}, role: null });
  roles = await untilCreated(admin.cloudformation, { name, stackId }, { progress: silent, pollMs: 50 });
});
afterAll(async () => {
  packages[Symbol.dispose]();
  await ministack[Symbol.asyncDispose]();
});

/** A session of a role, as a workflow gets it. */
async function assumed(role: string): Promise<AwsClients> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sts.amazonaws.com',
    sub: SUBJECT,
  };
  const token = `${part({ alg: 'RS256' })}.${part(claims)}.unsigned`;
  const command = { RoleArn: role, RoleSessionName: 'test', WebIdentityToken: token };
  return withSession(await admin.sts.send(new AssumeRoleWithWebIdentityCommand(command)));
}

/** A session that may do all but one action. */
async function without(action: string): Promise<AwsClients> {
  const Statement = [{ Effect: 'Allow', NotAction: action, Resource: '*' }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  return withSession(await admin.sts.send(new GetFederationTokenCommand({ Name: 'test', Policy })));
}

function withSession({ Credentials }: { Credentials?: SessionCredentials | undefined }): AwsClients {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return clientsOf(ministack.endpoint, session);
}

const options = (clients: AwsClients, runId: string) => ({
  ...runOptions(clients, runId),
  setup: setupOf(roles.RunRole!),
});

describe('the role a workflow runs as, with policies enforced', () => {
  it('deploys a run and removes it', async () => {
    const run = await deployRun(artifacts, options(await assumed(roles.RunRole!), 'allowed'));
    expect(run.functions.size).toBe(1);
    await run[Symbol.asyncDispose]();
    expect(await left(admin)).toEqual([`stack ${SETUP.stack}`]);
  });

  it('may not touch a function that is not a run’s', async () => {
    const { lambda } = await assumed(roles.RunRole!);
    const command = new UpdateFunctionConfigurationCommand({ FunctionName: 'payroll', Timeout: 3 });
    await expect(lambda.send(command)).rejects.toThrow('AWS denied lambda:UpdateFunctionConfiguration');
  });
});

describe('the teardown role, with policies enforced', () => {
  it('removes a run that another role made', async () => {
    const run = await deployRun(artifacts, options(await assumed(roles.RunRole!), 'orphan'));
    expect(run.functions.size).toBe(1);
    await destroyRun(await assumed(roles.TeardownRole!), 'orphan', { progress: silent, pollMs: 50 });
    expect((await left(admin)).filter((name) => name.includes('orphan'))).toEqual([]);
  });

  it('creates nothing', async () => {
    const clients = await assumed(roles.TeardownRole!);
    await expect(deployRun(artifacts, options(clients, 'creator'))).rejects.toThrow(
      'AWS denied cloudformation:CreateStack',
    );
  });
});

describe('an identity that lacks one permission', () => {
  it.each([
    'cloudformation:CreateStack',
    'cloudformation:DescribeStackEvents',
    'cloudformation:DescribeStacks',
    's3:PutObject',
    'lambda:GetFunctionConfiguration',
  ])('%s: is told so, with the statement to add', async (action) => {
    const clients = await without(action);
    const runId = `no-${action.toLowerCase().replace(':', '-')}`;
    const error = await deployRun(artifacts, options(clients, runId)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({ message: expect.stringContaining(`AWS denied ${action} on`) });
    expect((error as DeployError).remedy).toMatch(
      new RegExp(`\\{"Effect":"Allow","Action":"${action}","Resource":"(arn:|\\*)`),
    );
  });

  it.each([
    'cloudformation:DeleteStack',
    'cloudformation:ListStackResources',
    's3:ListBucketVersions',
    's3:DeleteObject',
  ])('%s: does not hide that a run is left behind', async (action) => {
    const runId = `stuck-${action.toLowerCase().replace(':', '-')}`;
    const run = await deployRun(artifacts, options(await without(action), runId));
    await expect(run[Symbol.asyncDispose]()).rejects.toThrow(action);
  });
});
