import { expect, it } from 'vitest';
import { awsClients } from './clients.ts';
import { emptyBucket } from './empty-bucket.ts';
import { STATIC, type StandIn, standIn } from './fixture.ts';

/**
 * S3 by hand, from its API reference: some objects of a deletion fail with a code although the answer is a success.
 *
 * @param codeOf the code for an object in the nth deletion; null when it is deleted
 */
function s3ByHand(keys: readonly string[], codeOf: (key: string, nth: number) => string | null) {
  const left = new Set(keys);
  let deletions = 0;
  return standIn(({ method, body }) => {
    const xml = { 'content-type': 'application/xml' };
    if (method === 'GET') {
      const versions = [...left].map(
        (key) => `<Version><Key>${key}</Key><VersionId>null</VersionId></Version>`,
      );
      return { headers: xml, body: `<ListVersionsResult>${versions.join('')}</ListVersionsResult>` };
    }
    deletions++;
    const asked = [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
    const errors = asked.flatMap((key) => {
      const code = codeOf(key, deletions);
      if (code === null) left.delete(key);
      return code === null
        ? []
        : [`<Error><Key>${key}</Key><Code>${code}</Code><Message>why</Message></Error>`];
    });
    return { headers: xml, body: `<DeleteResult>${errors.join('')}</DeleteResult>` };
  });
}

function empty({ url }: StandIn): Promise<number> {
  const { s3 } = awsClients({ region: 'us-east-1', credentials: STATIC, endpoint: url });
  return emptyBucket(s3, 'lambda-duel-bucket', 1);
}

it('asks again for objects that S3 did not delete in the middle of a success', async () => {
  await using server = await s3ByHand(['a', 'b', 'c'], (key, nth) =>
    key === 'b' && nth < 3 ? 'InternalError' : null,
  );
  expect(await empty(server)).toBe(3);
  const deletions = server.seen.filter(({ method }) => method === 'POST');
  expect(deletions.map(({ body }) => body.match(/<Key>/g)?.length)).toEqual([3, 1, 1]);
});

it('gives up when S3 deletes none for long, and advises no permission', async () => {
  await using server = await s3ByHand(['a', 'b'], () => 'SlowDown');
  await expect(empty(server)).rejects.toMatchObject({
    message: '2 objects in bucket lambda-duel-bucket were not deleted: a: SlowDown why',
    remedy: expect.stringContaining('S3 is unwell'),
  });
});

it('names the permission that is missing at once', async () => {
  await using server = await s3ByHand(['a', 'b'], (key) => (key === 'a' ? 'InternalError' : 'AccessDenied'));
  await expect(empty(server)).rejects.toMatchObject({
    message: '2 of 2 objects in bucket lambda-duel-bucket were not deleted: b: AccessDenied why',
    remedy: expect.stringContaining('s3:DeleteObjectVersion'),
  });
  expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
});
