import {
  createCredentialChain,
  fromEnv,
  fromHttp,
  fromIni,
  fromNodeProviderChain,
  fromProcess,
  fromTokenFile,
  fromWebToken,
} from '@aws-sdk/credential-providers';
import pRetry from 'p-retry';
import { DeployError, DuelError } from '../../errors.ts';
import { oidcRefused } from './oidc-refused.ts';
import { refreshing } from './refreshing.ts';

export type Identity = Awaited<ReturnType<ReturnType<typeof fromWebToken>>>;
/** What every client and the signer take; asked again, it gives new credentials when the old ones come near their end. */
export type CredentialProvider = () => Promise<Identity>;

export interface OidcOptions {
  readonly region: string;
  readonly roleArn: string;
  /** See `sessionName`. */
  readonly sessionName: string;
  /** STS by another address. */
  readonly endpoint?: string;
  /** `core.getIDToken`: a new token for an audience. It lives five minutes, so one is fetched for every session. */
  readonly idToken: (audience: string) => Promise<string>;
  /** `core.setSecret`: keeps a value out of the log. */
  readonly mask: (secret: string) => void;
}

const AUDIENCE = 'sts.amazonaws.com';

/**
 * GitHub's identity of this job, exchanged for an AWS role. Shared and refreshed, for a session lasts one hour and a
 * soak two.
 *
 * @returns a provider that throws DeployError when GitHub gives no token or AWS refuses it.
 */
export function oidcCredentials(options: OidcOptions): CredentialProvider {
  return refreshing(async () => {
    const token = await idToken(options);
    const identity = await assumeRole(token, options);
    mask(identity, options.mask);
    return identity;
  });
}

async function idToken({ idToken, mask }: OidcOptions): Promise<string> {
  try {
    const token = await withJitter(() => idToken(AUDIENCE), isPassing);
    mask(token);
    return token;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeployError(
      `GitHub gave this job no identity token: ${reason.trim()}`,
      'Give the job `permissions: id-token: write`. A pull request from a fork never gets one: measure it by the local cloud.',
      { cause },
    );
  }
}

/** Without the permission the variables are missing, and asking again would not bring them. */
function isPassing(error: unknown): boolean {
  return !(error instanceof Error && /ACTIONS_ID_TOKEN_REQUEST/.test(error.message));
}

async function assumeRole(token: string, options: OidcOptions): Promise<Identity> {
  const { region, roleArn, sessionName, endpoint } = options;
  const provider = fromWebToken({
    roleArn,
    webIdentityToken: token,
    roleSessionName: sessionName,
    clientConfig: {
      region,
      retryMode: 'standard', // exponential backoff with full jitter
      maxAttempts: 5,
      ...(endpoint !== undefined && { endpoint }),
    },
  });
  try {
    return await provider();
  } catch (error) {
    throw error instanceof Error ? oidcRefused(error, roleArn, token) : error;
  }
}

function mask(identity: Identity, hide: (secret: string) => void): void {
  for (const secret of [identity.accessKeyId, identity.secretAccessKey, identity.sessionToken])
    if (secret !== undefined && secret !== '') hide(secret);
}

/**
 * The terminal's own credentials, by the SDK's usual chain: environment, SSO, profiles, container, instance.
 *
 * @returns a provider that throws DeployError when there are none.
 */
export function defaultCredentials(region: string): CredentialProvider {
  const chain = usualChain(region, process.env);
  return refreshing(async () => {
    try {
      return await chain();
    } catch (cause) {
      throw noCredentials(cause);
    }
  });
}

/** Options of the SDK by what it else reads of the environment, which it does after awaiting: `hideSecrets` has been there. */
const READ_LATE = {
  webIdentityTokenFile: 'AWS_WEB_IDENTITY_TOKEN_FILE',
  awsContainerCredentialsRelativeUri: 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  awsContainerCredentialsFullUri: 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  awsContainerAuthorizationToken: 'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  awsContainerAuthorizationTokenFile: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
} as const;

/** The SDK's chain asks a container only where the environment names one, whatever the options say: then ours does. */
function usualChain(region: string, env: NodeJS.ProcessEnv) {
  const read = Object.entries(READ_LATE).map(([option, name]) => [option, env[name]]);
  const early = Object.fromEntries(read) as { readonly [option in keyof typeof READ_LATE]?: string };
  const init = { clientConfig: { region }, ...early };
  if (!early.awsContainerCredentialsRelativeUri && !early.awsContainerCredentialsFullUri)
    return fromNodeProviderChain(init);
  // As in the SDK, a profile that is named goes before keys.
  const keys = env.AWS_PROFILE ? [] : [fromEnv()];
  return createCredentialChain(...keys, fromIni(init), fromProcess(), fromTokenFile(init), fromHttp(init));
}

function noCredentials(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof DuelError) return cause;
  return new DeployError(
    `No AWS credentials were found: ${cause.message.trim()}`,
    'Log in (`aws sso login`, `aws login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Without ' +
      '`--target aws` no account is needed.',
    { cause },
  );
}

function withJitter<T>(work: () => Promise<T>, worthIt: (error: unknown) => boolean): Promise<T> {
  return pRetry(work, {
    ...{ retries: 4, minTimeout: 200, maxTimeout: 5000, randomize: true },
    shouldRetry: ({ error }) => worthIt(error),
  });
}
