import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeployError } from '../../errors.ts';
import { awsClients } from './clients.ts';
import { defaultCredentials, type OidcOptions, oidcCredentials } from './credentials.ts';
import { json, type Reply, type StandIn, standIn } from './fixture.ts';
import { hideSecrets } from './secrets.ts';

const ROLE = 'arn:aws:iam::123456789012:role/lambda-duel-run';
const CLAIMS = {
  ...{ iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com' },
  ...{ sub: 'repo:octo@11/duel@22:environment:aws', repository: 'octo/duel', repository_id: '22' },
  ...{ repository_owner: 'octo', repository_owner_id: '11' },
};

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.signature`;
}

/** GitHub's token endpoint as @actions/core asks it: GET ...&audience=A with a bearer token, answered by `{value}`. */
function tokenEndpoint(replies: readonly Reply[] = []): Promise<StandIn> {
  return standIn((_, nth) => replies[nth - 1] ?? json({ value: jwt({ ...CLAIMS, jti: `token-${nth}` }) }));
}

/** By hand from the STS API reference, AssumeRoleWithWebIdentity: no emulator checks a token. */
function session(nth: number, secondsLeft: number): Reply {
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>${CLAIMS.sub}</SubjectFromWebIdentityToken>
    <Audience>sts.amazonaws.com</Audience>
    <AssumedRoleUser><Arn>${ROLE}/s</Arn><AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE${nth}</AccessKeyId><SecretAccessKey>canary-secret-${nth}</SecretAccessKey>
      <SessionToken>canary-session-${nth}</SessionToken>
      <Expiration>${new Date(Date.now() + secondsLeft * 1000).toISOString()}</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`,
  };
}

function stsError(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  };
}

const masked: string[] = [];

function options(sts: StandIn, fields: Partial<OidcOptions> = {}): OidcOptions {
  return {
    ...{ region: 'us-east-1', roleArn: ROLE, sessionName: 'duel-octo-duel-7-1', endpoint: sts.url },
    ...{ idToken: core.getIDToken, mask: (secret) => masked.push(secret), ...fields },
  };
}

function useTokenEndpoint(endpoint: StandIn): void {
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', `${endpoint.url}/token?api-version=2.0`);
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'request-token');
}

beforeEach(() => {
  masked.length = 0;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true); // core masks by a line on stdout
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('oidcCredentials', () => {
  it('exchanges a GitHub token for a session and masks every secret of both', async () => {
    await using github = await tokenEndpoint();
    await using sts = await standIn(() => session(1, 3600));
    useTokenEndpoint(github);
    const identity = await oidcCredentials(options(sts))();
    expect(identity).toMatchObject({ accessKeyId: 'ASIAEXAMPLE1', sessionToken: 'canary-session-1' });
    expect(github.seen[0]).toMatchObject({
      url: '/token?api-version=2.0&audience=sts.amazonaws.com',
      headers: { authorization: 'Bearer request-token' },
    });
    const asked = new URLSearchParams(sts.seen[0]?.body);
    const token = jwt({ ...CLAIMS, jti: 'token-1' });
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ Action: 'AssumeRoleWithWebIdentity', RoleArn: ROLE, RoleSessionName: 'duel-octo-duel-7-1' },
      WebIdentityToken: token,
    });
    expect(masked).toEqual([token, 'ASIAEXAMPLE1', 'canary-secret-1', 'canary-session-1']);
  });

  it('gets a new token and a new session when less than 300 s are left, in the middle of a client’s life', async () => {
    await using github = await tokenEndpoint();
    await using sts = await standIn((_, nth) => session(nth, nth === 1 ? 299 : 3600));
    await using lambda = await standIn(() => json({ AccountLimit: {}, AccountUsage: {} }));
    useTokenEndpoint(github);
    const credentials = oidcCredentials(options(sts));
    await credentials();
    const clients = awsClients({ region: 'us-east-1', credentials, endpoint: lambda.url });
    await clients.lambda.send(new GetAccountSettingsCommand());
    await clients.lambda.send(new GetAccountSettingsCommand());
    expect(lambda.seen.map(({ headers }) => headers['x-amz-security-token'])).toEqual([
      'canary-session-2',
      'canary-session-2',
    ]);
    expect(sts.seen.map(({ body }) => new URLSearchParams(body).get('WebIdentityToken'))).toEqual([
      jwt({ ...CLAIMS, jti: 'token-1' }),
      jwt({ ...CLAIMS, jti: 'token-2' }),
    ]);
  });

  it('shares one session among all clients that ask at once', async () => {
    await using github = await tokenEndpoint();
    await using sts = await standIn((_, nth) => session(nth, 3600));
    useTokenEndpoint(github);
    const credentials = oidcCredentials(options(sts));
    await Promise.all([credentials(), credentials(), credentials()]);
    expect(sts.seen).toHaveLength(1);
  });

  it('tells the token’s subject in both forms and the trust condition to write when the role refuses it', async () => {
    await using github = await tokenEndpoint();
    await using sts = await standIn(() =>
      stsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
    );
    useTokenEndpoint(github);
    const error = await oidcCredentials(options(sts))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeployError);
    expect(error).toMatchObject({
      message: `AWS STS refused role ${ROLE} to this workflow (AccessDenied): Not authorized to perform sts:AssumeRoleWithWebIdentity`,
      remedy: expect.stringContaining(`subject is "${CLAIMS.sub}"`),
    });
    const condition = JSON.parse(`{${(error as DeployError).remedy.split('\n').at(-1)}}`);
    expect(condition.Condition.StringEquals).toEqual({
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': [CLAIMS.sub, 'repo:octo/duel:environment:aws'],
    });
  });

  it.each([
    ['run', 'pull_request', 'environment: benchmark`'],
    ['teardown', 'ref:refs/heads/main', 'environment: benchmark-teardown`'],
    ['run', 'environment:paid', '--repository octo/duel --owner-id 11 --repository-id 22 --environment paid'],
    ['teardown', 'environment:free', '--owner-id 11 --repository-id 22 --teardown-environment free'],
  ])('tells how the role %s of setup:aws comes to trust %s, and no more', async (role, place, remedy) => {
    const sub = `repo:octo@11/duel@22:${place}`;
    await using github = await tokenEndpoint([json({ value: jwt({ ...CLAIMS, sub }) })]);
    await using sts = await standIn(() => stsError(403, 'AccessDenied', 'Not authorized'));
    useTokenEndpoint(github);
    const roleArn = `arn:aws:iam::123456789012:role/duel-setup-${role}`;
    const error = await oidcCredentials(options(sts, { roleArn }))().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ remedy: expect.stringContaining(remedy) });
    expect((error as DeployError).remedy).not.toContain('"Condition"');
  });

  it.each([
    [
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      /max-session-duration/,
    ],
    [
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
      /setup:aws/,
    ],
    [
      'RegionDisabledException',
      'STS is not activated in this region for account:123456789012.',
      /Activate STS/,
    ],
  ])('gives the remedy of %s', async (code, message, remedy) => {
    await using github = await tokenEndpoint();
    await using sts = await standIn(() => stsError(400, code, message));
    useTokenEndpoint(github);
    await expect(oidcCredentials(options(sts))()).rejects.toMatchObject({
      remedy: expect.stringMatching(remedy),
    });
  });

  it('tries again when STS is busy or GitHub’s endpoint hiccups', async () => {
    await using github = await tokenEndpoint([{ status: 500, body: '{}' }]);
    await using sts = await standIn((_, nth) =>
      nth === 1 ? stsError(400, 'Throttling', 'Rate exceeded') : session(nth, 3600),
    );
    useTokenEndpoint(github);
    expect((await oidcCredentials(options(sts))()).accessKeyId).toBe('ASIAEXAMPLE2');
    expect([github.seen.length, sts.seen.length]).toEqual([2, 2]);
  });

  it('names the missing permission when the job may not have a token, without asking twice', async () => {
    await using sts = await standIn(() => session(1, 3600));
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', undefined);
    vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', undefined);
    const idToken = vi.fn(core.getIDToken);
    await expect(oidcCredentials(options(sts, { idToken }))()).rejects.toMatchObject({
      message: expect.stringContaining('GitHub gave this job no identity token'),
      remedy: expect.stringContaining('id-token: write'),
    });
    expect(idToken).toHaveBeenCalledOnce();
    expect(sts.seen).toEqual([]);
  });
});

describe('defaultCredentials', () => {
  beforeEach(() => {
    for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
  });

  it('takes those of the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example-secret');
    expect(await defaultCredentials('us-east-1')()).toMatchObject({ accessKeyId: 'AKIAEXAMPLE' });
  });

  it('asks a container for the next ones after its variables were hidden', async () => {
    await using container = await standIn((_, nth) =>
      json({
        ...{ AccessKeyId: `ASIAEXAMPLE${nth}`, SecretAccessKey: 'canary-secret', Token: 'canary-session' },
        Expiration: new Date(Date.now() + (nth === 1 ? 299_000 : 3_600_000)).toISOString(),
      }),
    );
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${container.url}/credentials`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'container-token');
    const credentials = defaultCredentials('us-east-1');
    hideSecrets(process.env);
    expect((await credentials()).accessKeyId).toBe('ASIAEXAMPLE1');
    await expect.poll(async () => (await credentials()).accessKeyId).toBe('ASIAEXAMPLE2');
    expect(container.seen.map(({ headers }) => headers.authorization)).toEqual([
      'container-token',
      'container-token',
    ]);
  });

  it('prefers those of the environment to a container’s', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://127.0.0.1:9/credentials');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example-secret');
    expect(await defaultCredentials('us-east-1')()).toMatchObject({ accessKeyId: 'AKIAEXAMPLE' });
  });

  it('reads a web identity’s file again after the variable with its name was hidden', async () => {
    await using sts = await standIn((_, nth) => session(nth, nth === 1 ? 299 : 3600));
    const folder = mkdtempSync(join(tmpdir(), 'duel-identity-'));
    writeFileSync(join(folder, 'token'), jwt(CLAIMS));
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(folder, 'token'));
    vi.stubEnv('AWS_ROLE_ARN', ROLE);
    vi.stubEnv('AWS_ENDPOINT_URL', sts.url);
    const credentials = defaultCredentials('us-east-1');
    hideSecrets(process.env);
    expect((await credentials()).accessKeyId).toBe('ASIAEXAMPLE1');
    await expect.poll(async () => (await credentials()).accessKeyId).toBe('ASIAEXAMPLE2');
    rmSync(folder, { recursive: true });
  });

  it('says how to get some when there are none', async () => {
    await expect(defaultCredentials('us-east-1')()).rejects.toMatchObject({
      name: 'DeployError',
      message: expect.stringContaining('No AWS credentials were found'),
      remedy: expect.stringContaining('aws sso login'),
    });
  });
});
