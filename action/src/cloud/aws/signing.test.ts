import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SESSION, signatureByTheBook } from './fixture.ts';
import { functionUrlSigner } from './signing.ts';

const URL_A = 'https://abc123.lambda-url.us-east-1.on.aws/';

function world() {
  const state = { nowMs: Date.UTC(2026, 10, 24, 12), asked: 0, failing: false };
  const credentials = async () => {
    state.asked++;
    if (state.failing) throw new Error('no credentials');
    return SESSION;
  };
  return { state, signer: functionUrlSigner({ region: 'us-east-1', credentials }, () => state.nowMs) };
}

describe('functionUrlSigner', () => {
  it('signs as the specification says, and leaves Host to the client', async () => {
    const { signer } = world();
    expect(await signer.headers(URL_A)).toEqual({
      authorization: signatureByTheBook(URL_A, '20261124T120000Z'),
      'x-amz-date': '20261124T120000Z',
      'x-amz-security-token': 'canary-session',
      'x-amz-content-sha256': createHash('sha256').digest('hex'),
    });
  });

  it('signs every value of a query, also where a key comes twice', async () => {
    const { signer } = world();
    const signed = async (query: string) => (await signer.headers(URL_A + query)).authorization;
    const byTheBook = (query: string) => signatureByTheBook(URL_A, '20261124T120000Z', query);
    expect(await signed('?tag=b&n=1&tag=a%20c')).toBe(byTheBook('n=1&tag=a%20c&tag=b'));
    expect(await signed('?tag=b')).toBe(byTheBook('tag=b'));
    expect(await signed('?flag')).toBe(byTheBook('flag='));
  });

  it('signs the method and the body of a request, each with a signature of its own', async () => {
    const { signer } = world();
    const post = await signer.headers(URL_A, { method: 'POST', body: 'hello' });
    expect(post['x-amz-content-sha256']).toBe(createHash('sha256').update('hello').digest('hex'));
    const get = await signer.headers(URL_A);
    expect(post.authorization).not.toBe(get.authorization);
    expect(post.authorization).not.toBe(
      (await signer.headers(URL_A, { method: 'PUT', body: 'hello' })).authorization,
    );
  });

  it('gives one signature a URL out for a minute, and then a new one', async () => {
    const { state, signer } = world();
    const first = await signer.headers(URL_A);
    state.nowMs += 59_999;
    expect(await signer.headers(URL_A)).toBe(first);
    expect(await signer.headers('https://other.lambda-url.us-east-1.on.aws/')).not.toEqual(first);
    state.nowMs += 1;
    expect((await signer.headers(URL_A)).authorization).toBe(signatureByTheBook(URL_A, '20261124T120100Z'));
  });

  it('tries again after credentials were not to be had', async () => {
    const { state, signer } = world();
    state.failing = true;
    await expect(signer.headers(URL_A)).rejects.toThrow('no credentials');
    state.failing = false;
    expect(await signer.headers(URL_A)).toHaveProperty('authorization');
  });

  it('has the secret in no header', async () => {
    const { signer } = world();
    expect(JSON.stringify(await signer.headers(URL_A))).not.toContain('canary-secret');
  });
});
