import { readFile } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Artifact } from '../../model.ts';
import { packageKeyOf } from './plan.ts';

/** Uploads each deployment package under its SHA-256: identical ones once. */
export async function upload(
  s3: S3Client,
  bucket: string,
  artifacts: readonly Artifact[],
  signal?: AbortSignal,
): Promise<void> {
  const distinct = new Map(artifacts.map((artifact) => [packageKeyOf(artifact), artifact.path]));
  await Promise.all(
    [...distinct].map(async ([Key, path]) => {
      const command = new PutObjectCommand({ Bucket: bucket, Key, Body: await readFile(path) });
      await s3.send(command, { ...(signal !== undefined && { abortSignal: signal }) });
    }),
  );
}
