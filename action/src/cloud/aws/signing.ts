import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { LoadRequest } from '../../model.ts';
import type { Signer } from '../cloud.ts';
import type { CredentialProvider } from './credentials.ts';

type Headers = Awaited<ReturnType<Signer['headers']>>;

/**
 * How long one signature is given out. AWS takes a request up to 5 minutes after the time in its signature (IAM user
 * guide, "AWS Signature Version 4"), and nothing in a signature tells one request from another that is identical.
 * `signature.js` keeps what it gets for 180 s, so that none is older than 240 s when it is sent.
 */
const KEPT_MS = 60_000;

/**
 * Signs with credentials that stay in this process. Reuse is what makes signing cheap, wherever it is done; measured as
 * CPU of k6 a request, loopback, three rounds of 12,000: unsigned 93-118 us; a kept signature 106-117 us by this signer and
 * 113-135 us by k6/crypto in the script; a new one for every request 256-261 and 228-334 us. The ranges overlap, so
 * that safety decides: k6 gets signatures, good for one URL and minutes, and never credentials.
 *
 * @param now ms since the epoch.
 */
export function functionUrlSigner(
  options: { readonly region: string; readonly credentials: CredentialProvider },
  now: () => number = Date.now,
): Signer {
  const signer = new SignatureV4({ service: 'lambda', sha256: Sha256, ...options });
  const kept = new Map<string, { readonly madeMs: number; readonly headers: Promise<Headers> }>();
  return {
    headers(url, request = GET) {
      const key = JSON.stringify([url, request.method, request.body]);
      const known = kept.get(key);
      if (known !== undefined && now() - known.madeMs < KEPT_MS) return known.headers;
      const headers = sign(signer, new URL(url), request, now());
      kept.set(key, { madeMs: now(), headers });
      headers.catch(() => kept.delete(key));
      return headers;
    },
  };
}

const GET = { method: 'GET', body: null } as const;

async function sign(
  signer: SignatureV4,
  url: URL,
  { method, body }: Pick<LoadRequest, 'method' | 'body'>,
  nowMs: number,
): Promise<Headers> {
  const request = {
    ...{
      method,
      body: body ?? undefined,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
    },
    query: queryOf(url),
    headers: { host: url.host },
  };
  const signed = await signer.sign(request, { signingDate: new Date(nowMs) });
  const { host: _, ...headers } = signed.headers; // every client sets that one itself
  return headers;
}

/** A key that comes more than once has all of its values signed. */
function queryOf({ searchParams }: URL): Record<string, string[]> {
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
}
