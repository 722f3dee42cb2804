import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  NoSuchBucket,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';
import { DeployError } from '../../errors.ts';
import { policyLine } from './policy-line.ts';

/** What S3 takes in one call, and lists at most. */
const BATCH = 1000;

/**
 * Deletes every object of a bucket, all versions and delete markers included. A bucket that is gone is empty.
 *
 * @returns how many were deleted
 */
export async function emptyBucket(s3: S3Client, bucket: string): Promise<number> {
  let deleted = 0;
  try {
    for (;;) {
      // From the start each time: what was listed is gone by then.
      const batch = await someVersions(s3, bucket);
      if (batch.length === 0) return deleted;
      await deleteBatch(s3, bucket, batch);
      deleted += batch.length;
    }
  } catch (error) {
    if (error instanceof NoSuchBucket || (error as Error).name === 'NoSuchBucket') return deleted;
    throw error;
  }
}

async function someVersions(s3: S3Client, bucket: string): Promise<ObjectIdentifier[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: BATCH }),
  );
  return [...Versions, ...DeleteMarkers].slice(0, BATCH).map(({ Key, VersionId }) => ({ Key, VersionId }));
}

async function deleteBatch(s3: S3Client, bucket: string, Objects: ObjectIdentifier[]): Promise<void> {
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = Errors;
  if (first === undefined) return;
  throw new DeployError(
    `${Errors.length} of ${Objects.length} objects in bucket ${bucket} were not deleted: ${first.Key}: ${first.Code} ${first.Message ?? ''}`,
    `Allow it, and run \`npm run janitor\`: ${policyLine('s3:DeleteObjectVersion', '*', '')}`,
  );
}
