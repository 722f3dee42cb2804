import { closeSync, openSync, writeSync } from 'node:fs';

/** What k6 measures of one request; the values differ, the shape of the lines is k6's own. */
const TREND_METRICS = ['blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'];
const URL_TEXT = 'http://127.0.0.1:8080/function/';
const START_MS = 1_795_516_008_000;
const PER_SECOND = 100;

/** Uniform in [0, 1), seeded: the same file every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The lines of one request. */
export type Lines = (timeMs: number, ms: number, failed: boolean) => string;

/** As `--out json` writes them: 13 lines, about 3.3 kB. */
export const jsonLines: Lines = (timeMs, ms, failed) => {
  const time = new Date(timeMs).toISOString().replace('Z', '123456Z');
  const tags = `"expected_response":"${!failed}","group":"","method":"GET","name":"${URL_TEXT}","proto":"HTTP/1.1","scenario":"soak","status":"${failed ? 502 : 200}","url":"${URL_TEXT}"`;
  const point = (metric: string, value: number, of = tags) =>
    `{"metric":"${metric}","type":"Point","data":{"time":"${time}","value":${value},"tags":{${of}}}}\n`;
  const short = '"group":"","scenario":"soak"';
  return (
    point('http_reqs', 1) +
    point('http_req_duration', ms) +
    TREND_METRICS.map((name) => point(`http_req_${name}`, name === 'waiting' ? ms : 0)).join('') +
    point('http_req_failed', failed ? 1 : 0) +
    point('data_sent', 101, short) +
    point('data_received', 214, short) +
    point('iteration_duration', ms + 0.1, short) +
    point('iterations', 1, short)
  );
};

/** As `--out csv` writes them with every tag. */
export const csvLines: Lines = (timeMs, ms, failed) => {
  const seconds = Math.floor(timeMs / 1000);
  const row = (metric: string, value: number) =>
    `${metric},${seconds},${value.toFixed(6)},,,,${!failed},,GET,${URL_TEXT},HTTP/1.1,soak,,${failed ? 502 : 200},,,${URL_TEXT},,\n`;
  const short = (metric: string, value: number) =>
    `${metric},${seconds},${value.toFixed(6)},,,,,,,,,soak,,,,,,,\n`;
  return (
    row('http_reqs', 1) +
    row('http_req_duration', ms) +
    TREND_METRICS.map((name) => row(`http_req_${name}`, name === 'waiting' ? ms : 0)).join('') +
    row('http_req_failed', failed ? 1 : 0) +
    short('data_sent', 101) +
    short('data_received', 214) +
    short('iteration_duration', ms + 0.1) +
    short('iterations', 1)
  );
};
export const CSV_HEADER =
  'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n';

/** As k6 writes for our own runs: one system tag, and the row of metric `client` that a sample is made of. */
export const leanLines = (
  timeMs: number,
  ms: number,
  failed: boolean,
  scenario = '0_measured_a',
  id = '',
  environment = 'e-1',
): string => {
  const row = (metric: string, value: number, metadata = '') =>
    `${metric},${timeMs * 1000},${value.toFixed(6)},${scenario},,${metadata}\n`;
  return (
    row('http_reqs', 1) +
    row('http_req_duration', ms) +
    TREND_METRICS.map((name) => row(`http_req_${name}`, name === 'waiting' ? ms : 0)).join('') +
    row('http_req_failed', failed ? 1 : 0) +
    row(
      'client',
      ms,
      `"request=${failed ? 502 : 200}|${id}|${environment}|7|s3;dur=1.25, ddb;dur=2.50, total;dur=4.75"`,
    ) +
    row('data_sent', 101) +
    row('data_received', 214) +
    row('iteration_duration', ms + 0.1) +
    row('iterations', 1)
  );
};
export const LEAN_HEADER = 'metric_name,timestamp,metric_value,scenario,extra_tags,metadata\n';

/** Lines of so many requests at 100 a second, latencies lognormal-like, one in a thousand failed. */
export function* requests(count: number, lines: Lines): Generator<string> {
  const random = generator(1);
  for (let index = 0; index < count; index++) {
    const ms = Number(
      (20 * Math.exp(0.4 * (random() + random() - 1)) * (random() < 0.02 ? 3 : 1)).toFixed(6),
    );
    yield lines(START_MS + Math.floor((index * 1000) / PER_SECOND), ms, index % 1000 === 999);
  }
}

const BLOCK = 8 * 1024 * 1024;

export function writeRequests(path: string, count: number, lines: Lines, header = ''): void {
  const file = openSync(path, 'w');
  let text = header;
  for (const more of requests(count, lines)) {
    text += more;
    if (text.length < BLOCK) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
}
