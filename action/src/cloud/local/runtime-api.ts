import type { Server, Socket } from 'node:net';
import { listen } from '../../loopback.ts';
import { type RuntimeRequest, runtimeServer } from './runtime-http.ts';

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
  /** Hangs up on whoever still speaks: what a function left behind would keep us alive as long as it lives. */
  close(): void;
}

const prefix = '/2018-06-01/runtime/';

/**
 * One endpoint on a port of its own for one environment: runtime clients take `host:port` only, so the port says
 * which environment is speaking.
 */
export async function runtimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  const server = runtimeServer((request) => route(listener, request));
  const hangUp = hangingUp(server);
  const port = await listen(server);
  const close = () => {
    server.close();
    hangUp();
  };
  return { address: `127.0.0.1:${port}`, close };
}

/** @returns what ends all connections that are open then */
function hangingUp(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

function route(listener: RuntimeListener, request: RuntimeRequest): void {
  const path = request.path.startsWith(prefix) ? request.path.slice(prefix.length) : '';
  if (path === 'invocation/next') listener.next((event) => sendEvent(request, event));
  else if (told(listener, path, request)) request.reply('202 Accepted', '', '{"status":"OK"}');
  else request.reply('400 Bad Request', '', invalid);
}

const invalid = '{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}';

function told(listener: RuntimeListener, path: string, request: RuntimeRequest): boolean {
  const [subject, requestId = '', verb] = path.split('/');
  if (subject === 'invocation' && verb === 'response') return listener.response(requestId, request.body);
  if (subject === 'invocation' && verb === 'error')
    return listener.error(requestId, type(request), request.body);
  if (path !== 'init/error') return false;
  listener.initError(type(request), request.body);
  return true;
}

function type(request: RuntimeRequest): string {
  return request.header('lambda-runtime-function-error-type') ?? 'Runtime.Unknown';
}

function sendEvent(request: RuntimeRequest, event: RuntimeEvent): void {
  const head =
    `lambda-runtime-aws-request-id: ${event.requestId}\r\n` +
    `lambda-runtime-deadline-ms: ${event.deadlineMs}\r\n` +
    `lambda-runtime-invoked-function-arn: ${event.functionArn}\r\n` +
    `lambda-runtime-trace-id: Root=1-${event.requestId};Sampled=0\r\n`;
  request.reply('200 OK', head, event.body);
}
