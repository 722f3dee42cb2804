/**
 * The endpoint from which a job fetches its identity token. The token is really signed, so that whoever checks it can:
 * the key stands at `/oidc/jwks`. https://docs.github.com/en/actions/reference/security/oidc
 */
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Answer, ok, Refusal } from './exchange.ts';

export interface Oidc {
  /** What `ACTIONS_ID_TOKEN_REQUEST_TOKEN` must be. */
  readonly requestToken: string;
  /** The token's `sub`; a job of a pull request from a fork has no endpoint at all. */
  readonly subject: string;
  readonly key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
}

/** GitHub's tokens live for five minutes. */
const LIFETIME_SECONDS = 300;
const KEY_ID = 'fake';

export function newOidc(options: Partial<Pick<Oidc, 'requestToken' | 'subject'>> = {}): Oidc {
  return {
    requestToken: 'oidc-request-token',
    subject: 'repo:octo/functions:environment:benchmark',
    ...options,
    key: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
}

export function identityToken(
  oidc: Oidc,
  authorization: string,
  query: URLSearchParams,
  issuer: string,
): Answer {
  if (authorization.toLowerCase() !== `bearer ${oidc.requestToken}`.toLowerCase())
    throw new Refusal(401, 'Unauthorized');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: oidc.subject,
    aud: query.get('audience') ?? `${issuer}/octo`,
    iat: now,
    nbf: now,
    exp: now + LIFETIME_SECONDS,
  };
  return ok({ count: 1, value: sign(claims, oidc.key.privateKey) });
}

export function keys({ key }: Oidc): Answer {
  const jwk = key.publicKey.export({ format: 'jwk' });
  return ok({ keys: [{ ...jwk, kid: KEY_ID, alg: 'RS256', use: 'sig' }] });
}

function sign(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`;
}
