// @ts-check
// The load, in k6's own runtime. When and how fast it is sent stands in the options file that `scenarios.ts` makes.
import exec from 'k6/execution';
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import { signatureOf } from './signature.js';

const client = new Trend('client', true);

/** Headers are the function's to write: escaped, they cannot break the record's fields apart. */
function header(/** @type {Record<string, string>} */ headers, /** @type {string} */ name) {
  return encodeURIComponent(headers[name] || '');
}

/**
 * One request, one row of metric `client`: the latency as value, all else as sample metadata, which, unlike tags,
 * makes no time series. The layout is read by `sample.ts`.
 */
export default function invoke() {
  const url = String(__ENV.URL);
  const response = http.get(url, { headers: signatureOf(url), timeout: String(__ENV.TIMEOUT), redirects: 0 });
  const headers = response.headers;
  const metadata = exec.vu.metrics.metadata;
  metadata.request = [
    response.status,
    header(headers, 'X-Amzn-Requestid'),
    header(headers, 'X-Execution-Environment'),
    header(headers, 'X-Invocation'),
    headers['Server-Timing'] || '',
  ].join('|');
  client.add(response.timings.duration);
  delete metadata.request;
}
