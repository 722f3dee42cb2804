import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Lambda's limit for a request's and for a response's payload. */
export const payloadLimitBytes = 6 * 1024 * 1024;

export interface HttpCall {
  readonly requestId: string;
  readonly functionName: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly timeMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/**
 * The Function URL event, payload format 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlEvent(call: HttpCall): string {
  const [rawPath = '/', ...query] = call.target.split('?');
  const rawQueryString = query.join('?');
  const text = isText(call.headers['content-type']);
  return JSON.stringify({
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...cookiesOf(call.headers),
    headers: singleValues(call.headers),
    ...queryParameters(rawQueryString),
    requestContext: requestContext(call, rawPath),
    ...(call.body.length > 0 ? { body: call.body.toString(text ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: call.body.length > 0 && !text,
  });
}

/**
 * What the URL answers for a function's return value: an object with `statusCode` is a response, any other JSON
 * is the body of a 200, and what is not JSON (or no valid response) is a 502.
 */
export function functionUrlAnswer(result: Buffer): HttpAnswer {
  const text = result.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return isResponse(value)
      ? responseOf(value)
      : { status: 200, headers: { 'content-type': 'application/json' }, body: text };
  } catch {
    return badGateway('Runtime.InvalidResponse', 'The function returned no valid response.');
  }
}

/** AWS answers `Internal Server Error` here; the reason is added, since the reader of a local run has no logs. */
export function badGateway(errorType: string, errorMessage: string): HttpAnswer {
  return {
    status: 502,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': errorType },
    body: JSON.stringify({ errorType, errorMessage }),
  };
}

export function payloadTooLarge(limitBytes: number): HttpAnswer {
  const errorMessage = `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`;
  return { ...badGateway('RequestEntityTooLargeException', errorMessage), status: 413 };
}

export function tooManyRequests(limit: number): HttpAnswer {
  const errorMessage = `Rate Exceeded: ${limit} concurrent invocations are the local cloud's limit.`;
  return { ...badGateway('TooManyRequestsException', errorMessage), status: 429 };
}

interface FunctionResponse {
  readonly statusCode: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

function isResponse(value: unknown): value is FunctionResponse {
  return typeof value === 'object' && value !== null && 'statusCode' in value;
}

function responseOf(response: FunctionResponse): HttpAnswer {
  const status = Number(response.statusCode);
  // An informational status (1xx) is followed by another one: a client would wait for it.
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError('statusCode');
  const text = bodyText(response.body);
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    if (!hopByHop.has(name.toLowerCase())) headers[name.toLowerCase()] = String(value);
  }
  if (response.cookies !== undefined) headers['set-cookie'] = [...response.cookies];
  return { status, headers, body: response.isBase64Encoded === true ? Buffer.from(text, 'base64') : text };
}

/** The gateway's own business, never the function's. */
const hopByHop = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

function bodyText(body: unknown): string {
  if (body === undefined || body === null) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function requestContext(call: HttpCall, path: string) {
  return {
    accountId: 'anonymous',
    apiId: call.functionName,
    domainName: call.headers.host ?? '',
    domainPrefix: call.functionName,
    http: {
      method: call.method,
      path,
      protocol: 'HTTP/1.1',
      sourceIp: call.sourceIp,
      userAgent: call.headers['user-agent'] ?? '',
    },
    requestId: call.requestId,
    routeKey: '$default',
    stage: '$default',
    time: accessLogTime(call.timeMs),
    timeEpoch: call.timeMs,
  };
}

let lastSecond = 0;
let lastTime = '';

/** E.g. `12/Mar/2020:19:03:58 +0000`; kept for the second it holds, since it takes 5 us. */
function accessLogTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second === lastSecond) return lastTime;
  const [, day, month, year, time] = new Date(ms).toUTCString().split(' ');
  lastSecond = second;
  lastTime = `${day}/${month}/${year}:${time} +0000`;
  return lastTime;
}

function isText(contentType: string | undefined): boolean {
  return (
    contentType === undefined ||
    /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))/i.test(contentType)
  );
}

function singleValues(headers: IncomingHttpHeaders): Record<string, string> {
  const single: Record<string, string> = {};
  for (const name in headers) {
    if (name !== 'cookie') single[name] = String(headers[name]);
  }
  return single;
}

function cookiesOf(headers: IncomingHttpHeaders): { cookies?: string[] } {
  return headers.cookie === undefined ? {} : { cookies: headers.cookie.split('; ') };
}

function queryParameters(query: string): { queryStringParameters?: Record<string, string> } {
  if (query === '') return {};
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values.get(name);
    values.set(name, known === undefined ? value : `${known},${value}`);
  }
  return { queryStringParameters: Object.fromEntries(values) };
}
