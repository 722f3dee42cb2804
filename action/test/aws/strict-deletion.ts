/** For tests: what an emulator leaves out, put in front of it by hand-written rules. */

import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { AwsClients } from '../../src/cloud/aws/clients.ts';
import { type Reply, type Seen, type StandIn, standIn } from '../../src/cloud/aws/fixture.ts';
import { clientsOf } from './emulated-account.ts';

const NOT_EMPTY = 'The bucket you tried to delete is not empty (Service: S3, Status Code: 409)';

/**
 * CloudFormation that refuses to delete a stack whose bucket has objects, as AWS's does: the stack ends in
 * DELETE_FAILED. ministack deletes the objects with it.
 *
 * @param onDelete is called with the bucket before it is looked into
 */
export function strictDeletion(
  endpoint: string,
  onDelete: (bucket: string) => Promise<void> = async () => {},
): Promise<StandIn> {
  const emulated = clientsOf(endpoint);
  const failed = new Set<string>();
  return standIn(async (request) => {
    const call = new URLSearchParams(request.body);
    const stack = call.get('StackName') ?? '';
    if (call.get('Action') === 'DeleteStack') {
      const bucket = await bucketOf(emulated, stack);
      if (bucket !== null) await onDelete(bucket);
      failed.delete(stack);
      if (bucket !== null && (await hasObjects(emulated, bucket))) {
        failed.add(stack);
        return { body: '<DeleteStackResponse><ResponseMetadata/></DeleteStackResponse>' };
      }
    }
    const reply = await forward(endpoint, request);
    return failed.has(stack) ? { ...reply, body: asFailed(reply.body ?? '') } : reply;
  });
}

function asFailed(body: string): string {
  return body
    .replaceAll(/<StackStatus>\w+/g, '<StackStatus>DELETE_FAILED')
    .replaceAll(
      /(AWS::S3::Bucket<.*?<ResourceStatus>)\w+<\/ResourceStatus>/gs,
      `$1DELETE_FAILED</ResourceStatus><ResourceStatusReason>${NOT_EMPTY}</ResourceStatusReason>`,
    );
}

export async function forward(endpoint: string, { url, method, headers, body }: Seen): Promise<Reply> {
  const kept = ['authorization', 'content-type', 'x-amz-date', 'x-amz-security-token'];
  const present = kept.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])]],
  );
  const response = await fetch(`${endpoint}${url}`, { method, headers: Object.fromEntries(present), body });
  return { status: response.status, body: await response.text() };
}

/** The bucket of a stack; null when the stack or its bucket is gone. */
export async function bucketOf({ cloudformation }: AwsClients, stack: string): Promise<string | null> {
  const command = new ListStackResourcesCommand({ StackName: stack });
  const { StackResourceSummaries = [] } = await cloudformation.send(command).catch(() => ({}) as never);
  const bucket = StackResourceSummaries.find(
    ({ ResourceType, ResourceStatus }) =>
      ResourceType === 'AWS::S3::Bucket' && ResourceStatus !== 'DELETE_COMPLETE',
  );
  return bucket?.PhysicalResourceId ?? null;
}

async function hasObjects({ s3 }: AwsClients, bucket: string): Promise<boolean> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }));
  return Versions.length > 0;
}
