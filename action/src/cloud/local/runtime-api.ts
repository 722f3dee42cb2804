import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** What a runtime client may say to its execution environment (Lambda runtime API, version 2018-06-01). */
export interface RuntimeListener {
  /** The client is ready; it waits until `answer` is given the next event. */
  next(answer: (event: RuntimeEvent) => void): void;
  /** @returns false when the client speaks of a request that is not its own. */
  response(requestId: string, body: Buffer): boolean;
  error(requestId: string, errorType: string, body: Buffer): boolean;
  initError(errorType: string, body: Buffer): void;
}

export interface RuntimeEvent {
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly body: string;
}

export interface RuntimeApi {
  /** `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  close(): void;
}

const prefix = '/2018-06-01/runtime/';

/** No deadline of Node's own: a client may wait for its next event for ever, on a connection it keeps. */
export const patientServer = {
  noDelay: true,
  keepAliveTimeout: 0,
  requestTimeout: 0,
  headersTimeout: 0,
} as const;

/**
 * One endpoint on a port of its own for one environment: runtime clients take `host:port` only, so the port says
 * which environment is speaking.
 */
export async function runtimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  const server = createServer(patientServer, (request, response) => route(listener, request, response));
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Lambda's limit for a request's and for a response's payload. */
export const payloadLimitBytes = 6 * 1024 * 1024;

/** Collects a body; of one that is too large as much as shows that it is (more than `payloadLimitBytes`). */
export function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    if (bytes <= payloadLimitBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
  request.on('end', () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
}

function route(listener: RuntimeListener, request: IncomingMessage, response: ServerResponse): void {
  response.sendDate = false;
  const path = request.url?.startsWith(prefix) ? request.url.slice(prefix.length) : '';
  if (path === 'invocation/next') {
    listener.next((event) => sendEvent(response, event));
    return;
  }
  readBody(request, (body) => acknowledge(response, told(listener, path, request, body)));
}

function told(listener: RuntimeListener, path: string, request: IncomingMessage, body: Buffer): boolean {
  const [subject, requestId = '', verb] = path.split('/');
  if (subject === 'invocation' && verb === 'response') return listener.response(requestId, body);
  if (subject === 'invocation' && verb === 'error') return listener.error(requestId, type(request), body);
  if (path !== 'init/error') return false;
  listener.initError(type(request), body);
  return true;
}

function type(request: IncomingMessage): string {
  return String(request.headers['lambda-runtime-function-error-type'] ?? 'Runtime.Unknown');
}

/** A string body leaves in one write together with its head; a Buffer would be a write of its own. */
function sendEvent(response: ServerResponse, event: RuntimeEvent): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(event.body),
    'lambda-runtime-aws-request-id': event.requestId,
    'lambda-runtime-deadline-ms': event.deadlineMs,
    'lambda-runtime-invoked-function-arn': event.functionArn,
    'lambda-runtime-trace-id': `Root=1-${event.requestId};Sampled=0`,
  });
  response.end(event.body);
}

function acknowledge(response: ServerResponse, accepted: boolean): void {
  const body = accepted
    ? '{"status":"OK"}'
    : '{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}';
  response.writeHead(accepted ? 202 : 400, {
    'content-type': 'application/json',
    'content-length': body.length,
  });
  response.end(body);
}
