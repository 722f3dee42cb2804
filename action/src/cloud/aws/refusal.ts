import type { DeployError } from '../../errors.ts';
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

/** Explains an SDK exception when it is a refusal; where AWS does not tell what it refused, the call does. */
export function explainRefusal(error: unknown, { clientName = '', commandName = '' }: Call): unknown {
  const service = clientName.replace(/Client$/, '').toLowerCase();
  const called = `${service === 'cloudwatchlogs' ? 'logs' : service}:${commandName.replace(/Command$/, '')}`;
  return explained(error, { action: ACTION_OF[called] ?? called, resource: '*' }) ?? error;
}

/** The refusal in the reason of a CloudFormation event; null when it tells of something else. */
export function refusalIn(reason: string): DeployError | null {
  if (!/is not authorized to perform: /.test(reason)) return null;
  const refusal = Object.assign(new Error(reason), { name: 'AccessDenied' });
  return explained(refusal, { action: 'cloudformation:CreateStack', resource: '*' });
}
