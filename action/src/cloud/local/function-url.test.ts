import { type IncomingMessage, request } from 'node:http';
import { expect, it } from 'vitest';
import { functionUrl } from './function-url.ts';

/** What a client hears from a function that answers so. */
async function answered(body: unknown): Promise<IncomingMessage> {
  const url = await functionUrl({
    functionName: 'a',
    maxConcurrency: 1,
    invoke: (_id, _event, answer) => {
      answer({ ok: true, body: Buffer.from(JSON.stringify(body)) });
      return true;
    },
  });
  try {
    return await new Promise((resolve, reject) => {
      const options = { agent: false, maxHeaderSize: 2 ** 20 };
      request(url.url, options, (response) => resolve(response.resume()))
        .once('error', reject)
        .end();
    });
  } finally {
    url.close();
  }
}

it('tells the request id before the function’s own headers, of which a client may read only so many', async () => {
  const { headers } = await answered({ statusCode: 200, cookies: Array(3000).fill('a=b') });
  expect(headers['x-amzn-requestid']).toMatch(/^[\da-f-]{36}$/);
  expect(headers['set-cookie']!.length).toBeLessThan(3000); // else it proves nothing
});

it('lets no function say another request id', async () => {
  const { headers } = await answered({ statusCode: 200, headers: { 'X-Amzn-RequestId': 'mine' } });
  expect(headers['x-amzn-requestid']).toMatch(/^[\da-f-]{36}$/);
});
