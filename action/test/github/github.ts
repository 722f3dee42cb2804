/**
 * A GitHub for tests, strict where the real one is: tokens expire and lack permissions, bodies and annotations have
 * limits, lists have pages, and servers have bad minutes. One repository on 127.0.0.1.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { artifactsOf, blob, storeArtifact } from './artifacts.ts';
import { type Answer, type Exchange, notFound, Refusal } from './exchange.ts';
import { identityToken, keys, newOidc, type Oidc } from './oidc.ts';
import { pageOf } from './pages.ts';
import { ROUTES, requireScope } from './routes.ts';
import { newState, type Seed, type State, type Token } from './state.ts';

export interface GitHub extends AsyncDisposable {
  /** For `GITHUB_API_URL`. */
  readonly url: string;
  /** For `ACTIONS_ID_TOKEN_REQUEST_URL`; the client adds `&audience=`. */
  readonly idTokenUrl: string;
  /** Read it to see what was written; write in it to change the world meanwhile. */
  readonly state: State;
  readonly oidc: Oidc;
}

export interface Options {
  readonly seed?: Seed;
  readonly oidc?: Partial<Pick<Oidc, 'requestToken' | 'subject'>>;
  /** A bare repository that is there already, or null for one of its own. */
  readonly gitDir?: string | null;
  readonly port?: number;
}

export async function startGitHub({ seed, oidc, gitDir = null, port = 0 }: Options = {}): Promise<GitHub> {
  const own = gitDir === null ? await mkdtemp(join(tmpdir(), 'github-')) : null;
  if (own !== null) await execa('git', ['init', '--quiet', '--bare', '--initial-branch=main', own]);
  const world = { state: newState(gitDir ?? own ?? '', seed), oidc: newOidc(oidc) };
  const server = createServer((request, response) => void serve(world, request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...world,
    url,
    idTokenUrl: `${url}/oidc/token?api-version=2.0`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (own !== null) await rm(own, { recursive: true, force: true });
    },
  };
}

interface World {
  readonly state: State;
  readonly oidc: Oidc;
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const { status, headers, body } = await reply(world, request, url).catch(explain);
  world.state.requests.push({ method: request.method ?? '', path: url.pathname + url.search, status });
  const binary = Buffer.isBuffer(body);
  const type = binary ? 'application/zip' : 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(binary || body === undefined ? body : JSON.stringify(body));
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function reply(world: World, request: IncomingMessage, url: URL): Promise<Reply> {
  const body = await readBody(request);
  const aside =
    world.state.faults.length > 0 ? faultFor(world.state, request.method ?? '', url.pathname) : null;
  if (aside !== null) throw aside;
  const answer = (await besides(world, request, url, body)) ?? (await answerOf(world, request, url, body));
  if (answer.list !== undefined) return { status: answer.status, ...pageOf(answer, url) };
  return { status: answer.status, headers: answer.headers ?? {}, body: answer.body };
}

/** The identity provider, and what lets another process than the test's look and change things. */
async function besides(
  world: World,
  request: IncomingMessage,
  url: URL,
  body: object,
): Promise<Answer | null> {
  const { state, oidc } = world;
  const authorization = request.headers.authorization ?? '';
  if (url.pathname === '/oidc/token') return identityToken(oidc, authorization, url.searchParams, url.origin);
  if (url.pathname === '/oidc/jwks') return keys(oidc);
  if (url.pathname.startsWith('/_blobs/')) return { status: 200, body: blob(state, url.pathname) };
  if (url.pathname === '/_artifacts')
    return request.method === 'GET'
      ? artifactsOf(state, Number(url.searchParams.get('run')))
      : storeArtifact(state, body);
  if (url.pathname !== '/_state') return null;
  if (request.method === 'PATCH') Object.assign(state, body);
  return { status: 200, body: state };
}

async function answerOf(world: World, request: IncomingMessage, url: URL, body: object): Promise<Answer> {
  const { state } = world;
  const token = tokenOf(state, request.headers.authorization ?? '');
  const route = ROUTES.find((one) => one.method === request.method && one.pattern.test(url.pathname));
  const params = decoded(route?.pattern.exec(url.pathname)?.groups ?? {});
  const elsewhere =
    params.owner !== undefined && (params.owner !== state.owner || params.repo !== state.repo);
  if (route === undefined || elsewhere) throw notFound();
  const exchange: Exchange = {
    state,
    token,
    params,
    query: url.searchParams,
    body: body as Exchange['body'],
    origin: url.origin,
  };
  requireScope(route, exchange);
  return route.answer(exchange);
}

function tokenOf({ tokens }: State, authorization: string): Token {
  const secret = /^(?:bearer|token) (.+)$/i.exec(authorization)?.[1];
  if (secret === undefined) throw new Refusal(401, 'Requires authentication');
  const token = tokens[secret];
  if (token === undefined || token.expired === true) throw new Refusal(401, 'Bad credentials');
  return token;
}

function faultFor({ faults }: State, method: string, path: string): Refusal | null {
  const fault = faults.find(
    (one) => one.times > 0 && (one.method ?? method) === method && path.includes(one.path ?? ''),
  );
  if (fault === undefined) return null;
  fault.times -= 1;
  return new Refusal(fault.status, fault.message ?? 'Server Error', { headers: fault.headers ?? {} });
}

function explain(error: unknown): Reply {
  if (!(error instanceof Refusal)) return { status: 500, headers: {}, body: { message: String(error) } };
  const { status, message, errors, headers } = error;
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return { status, headers, body: errors === undefined ? body : { ...body, errors } };
}

async function readBody(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (chunks.length === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as object;
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
