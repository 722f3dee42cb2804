import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../loopback.ts';
import type { Answer } from './execution.ts';
import {
  badGateway,
  functionUrlAnswer,
  functionUrlEvent,
  type HttpAnswer,
  payloadLimitBytes,
  payloadTooLarge,
  tooManyRequests,
} from './payload.ts';

/** A client may keep a connection as long as it likes. */
const patient = { noDelay: true, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 } as const;

export interface FunctionUrl {
  /** E.g. `http://127.0.0.1:41234/`. */
  readonly url: string;
  close(): void;
}

export interface UrlTarget {
  readonly functionName: string;
  readonly maxConcurrency: number;
  /** @returns false when the invocation is throttled. */
  invoke(requestId: string, event: string, answer: (answer: Answer) => void): boolean;
}

/** The HTTP face of one function. */
export async function functionUrl(target: UrlTarget): Promise<FunctionUrl> {
  const server = createServer(patient, (request, response) => {
    readBody(request, (body) => handle(target, request, body, response));
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Collects a body; of one that is too large as much as shows that it is. */
function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    if (bytes <= payloadLimitBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
  request.on('end', () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
}

function handle(target: UrlTarget, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const requestId = randomUUID();
  if (body.length > payloadLimitBytes) {
    send(response, requestId, payloadTooLarge(payloadLimitBytes));
    return;
  }
  const event = functionUrlEvent({
    requestId,
    functionName: target.functionName,
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: request.headers,
    body,
    sourceIp: request.socket.remoteAddress ?? '',
    timeMs: Date.now(),
  });
  const accepted = target.invoke(requestId, event, (answer) => send(response, requestId, httpAnswer(answer)));
  if (!accepted) send(response, requestId, tooManyRequests(target.maxConcurrency));
}

function httpAnswer(answer: Answer): HttpAnswer {
  if (answer.ok) return functionUrlAnswer(answer.body);
  return badGateway(answer.fault.errorType, answer.fault.errorMessage);
}

/** A text body leaves in one write with its head. */
function send(response: ServerResponse, requestId: string, answer: HttpAnswer): void {
  // First, for a client may read only so many headers (Node: 1,000), and instead of the function’s own.
  const ours = { 'content-length': Buffer.byteLength(answer.body), 'x-amzn-requestid': requestId };
  try {
    response.writeHead(answer.status, { ...ours, ...answer.headers, ...ours });
    response.end(answer.body);
  } catch (error) {
    // A header that HTTP does not allow: nothing has been written yet.
    if (response.headersSent) throw error;
    send(response, requestId, badGateway('Runtime.InvalidResponse', (error as Error).message));
  }
}
