import { DeployError } from '../../errors.ts';
import { policyLine } from './policy-line.ts';

/** One permission that a call needs, in IAM's words. */
export interface NeededPermission {
  /** E.g. `lambda:UpdateFunctionConfiguration`. */
  readonly action: string;
  /** ARN (wildcards allowed) that the statement should name. */
  readonly resource: string;
}

/**
 * Explains a refused call: the action that was refused and the policy statement that allows it, or what is wrong with the
 * credentials.
 *
 * @param permission what the call needs; AWS's own message has the last word when it names another action or resource.
 * @returns null when the error is about something else.
 */
export function explained(error: unknown, permission: NeededPermission): DeployError | null {
  if (!(error instanceof Error)) return null;
  if (EXPIRED.has(error.name)) return expired(error, permission.action);
  if (UNKNOWN.has(error.name)) return unknown(error, permission.action);
  return isDenied(error) ? denied(error, permission) : null;
}

/** Services have different names for the same thing (their API references, "Common errors"). */
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const UNKNOWN = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'NotAuthorizedException',
]);

function isDenied(error: unknown): boolean {
  return error instanceof Error && DENIED.has(error.name);
}

function expired(cause: Error, action: string): DeployError {
  return new DeployError(
    `AWS refused ${action}: the credentials have expired (${cause.name}).`,
    'Log in again, or use credentials that outlive the run; on GitHub let the action get its own by `role-to-assume`.',
    { cause },
  );
}

function unknown(cause: Error, action: string): DeployError {
  return new DeployError(
    `AWS refused ${action}: it does not know the credentials (${cause.name}).`,
    'Check the access key, its secret and the region it is used in.',
    { cause },
  );
}

function denied(cause: Error, asked: NeededPermission): DeployError {
  const { action, resource } = { ...asked, ...namedIn(cause.message) };
  return new DeployError(
    `AWS denied ${action} on ${resource}.${cause.message === '' ? '' : ` It says: ${cause.message}`}`,
    `Add this statement to the policy of the role or user that runs the benchmark:\n${policyLine(action, resource, cause.message)}`,
    { cause },
  );
}

/** `User: arn:... is not authorized to perform: ACTION on resource: ARN because ...` (IAM user guide, "Troubleshoot access denied"). */
function namedIn(message: string): Partial<NeededPermission> {
  const action = /not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message)?.[1];
  const resource = /on resource: (\S*arn:[^\s"]+)/.exec(message)?.[1];
  return { ...(action !== undefined && { action }), ...(resource !== undefined && { resource }) };
}
