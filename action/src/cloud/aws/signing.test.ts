import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { functionUrlSigner } from './signing.ts';

const URL_A = 'https://abc123.lambda-url.us-east-1.on.aws/';
const CREDENTIALS = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'canary-secret',
  sessionToken: 'canary-session',
};

/** Signature Version 4 written out from its specification, for a GET without query (IAM user guide, "Create a signed request"). */
function byTheBook(url: string, date: string): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const { host, pathname } = new URL(url);
  const empty = hash('');
  const signed = 'host;x-amz-content-sha256;x-amz-date;x-amz-security-token';
  const headers = `host:${host}\nx-amz-content-sha256:${empty}\nx-amz-date:${date}\nx-amz-security-token:canary-session\n`;
  const scope = `${date.slice(0, 8)}/us-east-1/lambda/aws4_request`;
  const canonical = hash(`GET\n${pathname}\n\n${headers}\n${signed}\n${empty}`);
  const day = mac('AWS4canary-secret', date.slice(0, 8));
  const key = mac(mac(mac(day, 'us-east-1'), 'lambda'), 'aws4_request');
  const signature = mac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${canonical}`).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

function world() {
  const state = { nowMs: Date.UTC(2026, 10, 24, 12), asked: 0, failing: false };
  const credentials = async () => {
    state.asked++;
    if (state.failing) throw new Error('no credentials');
    return CREDENTIALS;
  };
  return { state, signer: functionUrlSigner({ region: 'us-east-1', credentials }, () => state.nowMs) };
}

describe('functionUrlSigner', () => {
  it('signs as the specification says, and leaves Host to the client', async () => {
    const { signer } = world();
    expect(await signer.headers(URL_A)).toEqual({
      authorization: byTheBook(URL_A, '20261124T120000Z'),
      'x-amz-date': '20261124T120000Z',
      'x-amz-security-token': 'canary-session',
      'x-amz-content-sha256': createHash('sha256').digest('hex'),
    });
  });

  it('gives one signature a URL out for a minute, and then a new one', async () => {
    const { state, signer } = world();
    const first = await signer.headers(URL_A);
    state.nowMs += 59_999;
    expect(await signer.headers(URL_A)).toBe(first);
    expect(await signer.headers('https://other.lambda-url.us-east-1.on.aws/')).not.toEqual(first);
    state.nowMs += 1;
    expect((await signer.headers(URL_A)).authorization).toBe(byTheBook(URL_A, '20261124T120100Z'));
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
