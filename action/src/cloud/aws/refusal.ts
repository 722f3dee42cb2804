import { CollectError, DeployError } from '../../errors.ts';
import { explained } from './access-denied.ts';

/** Actions that are not called like the operation that needs them. */
const ACTION_OF: Readonly<Record<string, string>> = {
  's3:ListObjectVersions': 's3:ListBucketVersions',
  's3:DeleteObjects': 's3:DeleteObject',
};

/** As the SDK calls them, e.g. `S3Client` and `DeleteObjectsCommand`. */
interface Call {
  readonly clientName?: string;
  readonly commandName?: string;
}

/** Explains an SDK exception when it is a refusal or an outage; where AWS does not tell what it refused, the call does. */
export function explainRefusal(error: unknown, { clientName = '', commandName = '' }: Call): unknown {
  const service = clientName.replace(/Client$/, '').toLowerCase();
  const called = `${service === 'cloudwatchlogs' ? 'logs' : service}:${commandName.replace(/Command$/, '')}`;
  const action = ACTION_OF[called] ?? called;
  return explained(error, { action, resource: '*' }) ?? unanswered(error, action) ?? error;
}

/** The refusal in the reason of a CloudFormation event; null when it tells of something else. */
export function refusalIn(reason: string): DeployError | null {
  if (!/is not authorized to perform: /.test(reason)) return null;
  const refusal = Object.assign(new Error(reason), { name: 'AccessDenied' });
  return explained(refusal, { action: 'cloudformation:CreateStack', resource: '*' });
}

/** What the SDK tells of a call beside the error. */
type Failure = Error & {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
};

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown)/;
const UNREACHABLE = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH)/;

/** The SDK has tried again and again, and gave up; null when it is about something else. */
function unanswered(error: unknown, action: string): Error | null {
  if (!(error instanceof Error)) return null;
  const {
    name,
    message,
    code = '',
    $metadata: { httpStatusCode: status = 0, attempts = 1 } = {},
  } = error as Failure;
  // Records that cannot be read now are read later; everything else ends the run.
  const Kind = action.startsWith('logs:') ? CollectError : DeployError;
  const say = (fact: string, remedy: string) => new Kind(fact, remedy, { cause: error });
  if (THROTTLED.test(name) || status === 429) {
    const fact = `AWS throttled ${action} ${attempts} times (${name}: ${message}).`;
    return say(fact, 'Run again when less is going on in the account, or have the quota of that API raised.');
  }
  if (status >= 500) {
    const fact = `AWS did not answer ${action} in ${attempts} tries (HTTP ${status}, ${name}: ${message}).`;
    return say(fact, 'See the AWS Health Dashboard of the region, and run again.');
  }
  if (!UNREACHABLE.test(code) && name !== 'TimeoutError') return null;
  return say(
    `AWS could not be reached for ${action}: ${message || code}.`,
    'Check the network, and run again.',
  );
}
