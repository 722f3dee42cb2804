import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  NoSuchBucket,
  type ObjectIdentifier,
  type S3Client,
  type _Error as S3Error,
} from '@aws-sdk/client-s3';
import { DeployError } from '../../errors.ts';
import { policyLine } from './policy-line.ts';

/** What S3 takes in one call, and lists at most. */
const BATCH = 1000;

/** What S3 says, in an answer that the SDK takes for success, of objects that it deletes a little later (boto/boto3#3052). */
const PASSING = new Set(['InternalError', 'OperationAborted', 'ServiceUnavailable', 'SlowDown']);
/** Batches of which nothing was deleted, one after the other: two minutes by default. */
const MOST_FRUITLESS = 7;

/**
 * Deletes every object of a bucket, all versions and delete markers included. A bucket that is gone is empty.
 *
 * @param waitMs before it is asked again for objects that it did not delete, twice as long each time
 * @returns how many were deleted
 */
export async function emptyBucket(s3: S3Client, bucket: string, waitMs = 1000): Promise<number> {
  let [deleted, fruitless] = [0, 0];
  try {
    for (;;) {
      // From the start each time: what was listed is gone by then, but for what was not deleted.
      const batch = await someVersions(s3, bucket);
      if (batch.length === 0) return deleted;
      const kept = await deleteBatch(s3, bucket, batch);
      deleted += batch.length - kept.length;
      fruitless = kept.length < batch.length ? 0 : fruitless + 1;
      if (fruitless === MOST_FRUITLESS) throw unwell(bucket, kept);
      if (kept.length > 0) await sleep(waitMs * 2 ** fruitless);
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

/** @returns what S3 did not delete now, and will */
async function deleteBatch(s3: S3Client, bucket: string, Objects: ObjectIdentifier[]): Promise<S3Error[]> {
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const first = Errors.find(({ Code = '' }) => !PASSING.has(Code));
  if (first === undefined) return Errors;
  throw new DeployError(
    notDeleted(bucket, first, `${Errors.length} of ${Objects.length} objects`),
    `Allow it, and run \`npm run janitor\`: ${policyLine('s3:DeleteObjectVersion', '*', '')}`,
  );
}

function unwell(bucket: string, kept: readonly S3Error[]): DeployError {
  return new DeployError(
    notDeleted(bucket, kept[0]!, `${kept.length} objects`),
    'S3 is unwell. Run `npm run janitor` later, with --run ID for what has not expired.',
  );
}

const notDeleted = (bucket: string, { Key, Code, Message = '' }: S3Error, what: string): string =>
  `${what} in bucket ${bucket} were not deleted: ${Key}: ${Code} ${Message}`;
