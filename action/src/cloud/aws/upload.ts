import { readFile } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Artifact } from '../../model.ts';
import { packageKeyOf, TEMPLATE_KEY } from './plan.ts';

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

/** Bytes that CloudFormation takes in a request; from a bucket it takes 1 MB (its quotas, "Template body size"). */
const LONGEST_BODY = 51_200;

/** @returns the template, or the address where it was put because it is too long to be sent: a sweep's is */
export async function sendable(
  s3: S3Client,
  bucket: string,
  template: string,
  signal?: AbortSignal,
): Promise<string> {
  if (Buffer.byteLength(template) <= LONGEST_BODY) return template;
  const command = new PutObjectCommand({ Bucket: bucket, Key: TEMPLATE_KEY, Body: template });
  await s3.send(command, { ...(signal !== undefined && { abortSignal: signal }) });
  return `https://s3.${await s3.config.region()}.amazonaws.com/${bucket}/${TEMPLATE_KEY}`;
}
