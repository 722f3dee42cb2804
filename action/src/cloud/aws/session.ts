import { getIDToken, setSecret } from '@actions/core';
import { type AwsClients, awsClients } from './clients.ts';
import { type CredentialProvider, defaultCredentials, oidcCredentials } from './credentials.ts';
import { checkedRegion } from './region.ts';
import { hideSecrets } from './secrets.ts';

/** Whose AWS it is, and where. */
export interface Session {
  readonly region: string;
  readonly credentials: CredentialProvider;
  /** What the SDK's `AWS_ENDPOINT_URL` says; null for AWS itself. A run on anything else is never called AWS. */
  readonly endpoint: string | null;
  /** The role that a job has assumed; null for a person's own credentials. */
  readonly role: string | null;
}

export interface JobIdentity {
  /** ARN of the role to assume. */
  readonly role: string;
  /** See `sessionName`. */
  readonly sessionName: string;
  /** An identity token for an audience; by default from the job's own environment. */
  readonly idToken?: (audience: string) => Promise<string>;
}

/** A role for this job of GitHub Actions, by its identity token. */
export function jobSession(
  region: string,
  { role, sessionName, idToken = getIDToken }: JobIdentity,
): Session {
  const endpoint = endpointOf(process.env);
  const credentials = oidcCredentials({
    ...{ region: checkedRegion(region), roleArn: role, sessionName, idToken, mask: setSecret },
    ...(endpoint !== null && { endpoint }),
  });
  return { region, credentials, endpoint, role };
}

/**
 * The account of whoever sits at the terminal, by the SDK's own variables and files. Credentials are had before
 * anything is started, and hidden from all that is.
 */
export async function terminalSession(region: string): Promise<Session> {
  const { env } = process;
  // The SDK tells everybody with Node 20 to upgrade, on stderr, in the middle of our progress.
  env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const provider = defaultCredentials(checkedRegion(region));
  await provider();
  const hidden = hideSecrets(env);
  return {
    ...{ region, endpoint: endpointOf(env), role: null },
    credentials: () => hidden.reveal(provider),
  };
}

function endpointOf(env: NodeJS.ProcessEnv): string | null {
  return env.AWS_ENDPOINT_URL || null;
}

export function clientsOf({ region, credentials, endpoint }: Session): AwsClients {
  return awsClients({ region, credentials, ...(endpoint !== null && { endpoint }) });
}
