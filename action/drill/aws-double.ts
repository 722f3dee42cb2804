/**
 * The AWS of the drill: ministack, behind a server of ours that does to its calls what a fault says. It also gives
 * answers of Function URLs the request id that the function was given, as AWS does and ministack does not.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type AwsClients, awsClients } from '../src/cloud/aws/clients.ts';
import { listen } from '../src/loopback.ts';
import type { ToolOptions } from '../src/tools/tools.ts';
import { startMinistack } from '../test/aws/ministack.ts';

export interface Call {
  /** As its signature names it, e.g. `cloudformation`; `function-url` for requests of functions. */
  readonly service: string;
  /** How many calls of the service came before it. */
  readonly nth: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | string;
}

/** What is answered instead of AWS's own answer, or that is done to it; null to leave it as it is. */
export interface Disturbance {
  readonly instead?: (call: Call) => Reply | null;
  readonly amended?: (call: Call, reply: Reply) => Reply | null;
}

export interface AwsDouble extends AsyncDisposable {
  readonly url: string;
  /** Past the disturbance. */
  readonly clients: AwsClients;
  disturbance: Disturbance;
}

/** Who runs the benchmark there, as its environment tells. */
export const CALLER = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  GITHUB_REPOSITORY: 'drill/drill',
} as const;

export async function startAwsDouble(options: ToolOptions): Promise<AwsDouble> {
  // The SDK tells everybody with Node 20 to upgrade, in the middle of our progress.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const ministack = await startMinistack(options);
  const [undisturbed, disturbed] = [front(ministack.endpoint), front(ministack.endpoint)];
  const ports = await Promise.all([undisturbed, disturbed].map(({ server }) => listen(server)));
  const [plain, url] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string];
  const credentials = {
    accessKeyId: CALLER.AWS_ACCESS_KEY_ID,
    secretAccessKey: CALLER.AWS_SECRET_ACCESS_KEY,
  };
  return Object.assign(disturbed.state, {
    url,
    clients: awsClients({ region: 'us-east-1', credentials, endpoint: plain }),
    async [Symbol.asyncDispose]() {
      for (const { server } of [undisturbed, disturbed]) {
        server.closeAllConnections();
        server.close();
      }
      await ministack[Symbol.asyncDispose]();
    },
  });
}

function front(endpoint: string) {
  const state: { disturbance: Disturbance } = { disturbance: {} };
  const counts = new Map<string, number>();
  const server = createServer(async (incoming, response) => {
    const service = serviceOf(incoming);
    const call = { service, nth: counts.get(service) ?? 0 };
    counts.set(service, call.nth + 1);
    const body = await buffer(incoming);
    const { instead, amended } = state.disturbance;
    const refused = instead?.(call) ?? null;
    const reply = refused ?? (await forward(endpoint, incoming, body));
    const { status, headers, body: content } = (refused === null && amended?.(call, reply)) || reply;
    const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...kept } = headers;
    response.writeHead(status, kept).end(content);
  });
  return { state, server };
}

function serviceOf({ url = '', headers }: IncomingMessage): string {
  if (url.startsWith('/_aws/lambda-url/')) return 'function-url';
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
}

/** The buckets refuse plain HTTP: it is told that TLS ended here. */
function forward(endpoint: string, { url, method, headers }: IncomingMessage, body: Buffer): Promise<Reply> {
  const { host: _, 'transfer-encoding': __, ...kept } = headers;
  const sent = { ...kept, 'x-forwarded-proto': 'https', 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const outgoing = send(`${endpoint}${url}`, { method, headers: sent }, async (answer) => {
      resolve({
        status: answer.statusCode ?? 500,
        headers: asAws(answer.headers),
        body: await buffer(answer),
      });
    });
    outgoing.once('error', reject).end(body);
  });
}

function asAws(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const requestId = headers['x-lambda-request-id'];
  return requestId === undefined ? headers : { ...headers, 'x-amzn-requestid': requestId };
}

/** An error in the words of the called service, by the shape of their API references. */
export function refusal({ service }: Call, status: number, code: string, message: string): Reply {
  if (service === 'cloudformation' || service === 's3' || service === 'sts') {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    const body = service === 's3' ? error : `<ErrorResponse>${error}</ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ __type: code, message, Message: message }) };
}

/** The events of an answer to FilterLogEvents, changed. */
export function withEvents(reply: Reply, change: (events: readonly unknown[]) => unknown[]): Reply {
  const content = JSON.parse(reply.body.toString()) as { events?: unknown[] };
  if (content.events === undefined) return reply;
  return { ...reply, body: JSON.stringify({ ...content, events: change(content.events) }) };
}
