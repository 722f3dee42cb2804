// @ts-check
// In k6's own runtime: signatures of requests, from the process that holds the credentials (`signature-server.ts`).
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';

/** Requests made for signatures: they are in k6's own count of requests, and none of the load. */
const fetched = new Counter('signatures');

/** One from there is up to 60 s old already (`cloud/aws/signing.ts`), and AWS takes it for 300 s. */
const KEPT_MS = 180_000;
const TAKEN_MS = 230_000;

/** @type {Record<string, { headers: Record<string, string>, madeMs: number }>} */
const kept = {};

/**
 * Headers that make the run's request to the URL acceptable; none where nobody signs. Each virtual user keeps its own.
 *
 * @param {string} url
 * @returns {Record<string, string>}
 */
export function signatureOf(url) {
  if (!__ENV.SIGNATURES) return {};
  const known = kept[url];
  const ageMs = known ? Date.now() - known.madeMs : Number.POSITIVE_INFINITY;
  if (known && ageMs < KEPT_MS) return known.headers;
  const madeMs = Date.now();
  const response = http.get(`${__ENV.SIGNATURES}?url=${encodeURIComponent(url)}`, { responseType: 'text' });
  fetched.add(1);
  // A hiccup of the credentials: the old one will do, and the next request asks again.
  if (known && response.status !== 200 && ageMs < TAKEN_MS) return known.headers;
  if (response.status !== 200)
    exec.test.abort(`requests cannot be signed: ${response.body || response.error}`);
  const headers = /** @type {Record<string, string>} */ (response.json());
  kept[url] = { headers, madeMs };
  return headers;
}
