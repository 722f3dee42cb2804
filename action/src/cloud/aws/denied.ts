import { DeployError } from '../../errors.ts';
import { policyLine } from './permissions.ts';

/** IAM's own words, in exceptions and in CloudFormation's events alike. */
const REFUSAL =
  /(?:User: )?(?<who>arn:\S+) is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>\S+))?/;
const CODES = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];

/** Actions that are not called like the operation that needs them. */
const ACTION_OF: Readonly<Record<string, string>> = {
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:DeleteObjects': 's3:DeleteObject',
};

/**
 * What is missing, when IAM refused something: the action, for whom, on what, and the line of policy that allows it.
 *
 * @param words an exception's message or an event's reason
 * @returns null when the words are about something else
 */
export function denialIn(words: string, cause?: unknown): DeployError | null {
  const { who, action, resource } = REFUSAL.exec(words)?.groups ?? {};
  return who === undefined || action === undefined
    ? null
    : denied({ who, action, resource: resource ?? '*', cause });
}

function denied(refusal: { who: string; action: string; resource: string; cause?: unknown }): DeployError {
  const { who, action, resource, cause } = refusal;
  return new DeployError(
    `AWS refused ${action} on ${resource} to ${who}.`,
    `Add this to the policy of that role or user, or run \`npm run setup:aws\` again:\n  ${policyLine(action, resource)}`,
    { cause },
  );
}

interface Call {
  /** As the SDK calls them, e.g. `S3Client` and `DeleteObjectsCommand`. */
  readonly clientName?: string;
  readonly commandName?: string;
}

/** Explains an SDK exception when it is a refusal; S3 does not always tell what it refused, the call then does. */
export function explainDenial(error: unknown, { clientName = '', commandName = '' }: Call): unknown {
  if (!(error instanceof Error) || !CODES.includes(error.name)) return error;
  const service = clientName.replace(/Client$/, '').toLowerCase();
  const called = `${service === 'cloudwatchlogs' ? 'logs' : service}:${commandName.replace(/Command$/, '')}`;
  const action = ACTION_OF[called] ?? called;
  return (
    denialIn(error.message, error) ?? denied({ who: 'this identity', action, resource: '*', cause: error })
  );
}
