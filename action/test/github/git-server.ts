/** Git smart HTTP as GitHub serves it: a real bare repository behind git's own CGI, with tokens and protected branches. */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { listen } from '../../src/loopback.ts';

export interface GitServerOptions {
  /** What each token may do; every other one gets 401. */
  readonly tokens: Record<string, 'read' | 'write'>;
  /** Branches that refuse every push with GH006. */
  readonly protectedBranches?: readonly string[];
  /** Branches that a ruleset keeps closed: GH013. */
  readonly ruledBranches?: readonly string[];
}

export interface GitServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/octo/functions`, as a checkout would name it. */
  readonly url: string;
  readonly gitDir: string;
  readonly tokens: GitServerOptions['tokens'];
  /** Statuses that the next requests get instead of an answer; shift off one a request. */
  readonly outage: number[];
  /** Runs before each push is let through: a place to move a branch under the pusher's feet. */
  beforePush: (() => Promise<void>) | null;
  git(...args: string[]): Promise<string>;
}

/** A repository with one commit on `main`, served until disposed. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const root = await mkdtemp(join(tmpdir(), 'duel-git-server-'));
  const gitDir = join(root, 'octo/functions.git');
  await execa('git', ['init', '--quiet', '--bare', '--initial-branch=main', gitDir]);
  const git = async (...args: string[]) => (await execa('git', ['--git-dir', gitDir, ...args])).stdout;
  await git('config', 'http.receivepack', 'true');
  // GitHub lets any commit be fetched by its id.
  await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await installHook(gitDir, options);
  await firstCommit(git);
  const outage: number[] = [];
  const served: GitServer = {
    url: '',
    gitDir,
    tokens: options.tokens,
    outage,
    beforePush: null,
    git,
    [Symbol.asyncDispose]: () => stop(server, root),
  };
  const server = createServer(
    (request, response) => void handle(request, response, { root, options, served }),
  );
  const port = await listen(server);
  return Object.assign(served, { url: `http://127.0.0.1:${port}/octo/functions` });
}

async function stop(server: Server, root: string): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
}

async function firstCommit(git: GitServer['git']): Promise<void> {
  const tree = await git('hash-object', '-t', 'tree', '-w', '/dev/null');
  const identity = ['-c', 'user.name=someone', '-c', 'user.email=someone@example.com'];
  await git('update-ref', 'refs/heads/main', await git(...identity, 'commit-tree', tree, '-m', 'first'));
}

/** GitHub's own words: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository */
async function installHook(gitDir: string, options: GitServerOptions): Promise<void> {
  const refusals = [
    ...(options.protectedBranches ?? []).map((branch) =>
      refuse(branch, 'GH006: Protected branch update failed for'),
    ),
    ...(options.ruledBranches ?? []).map((branch) =>
      refuse(branch, 'GH013: Repository rule violations found for'),
    ),
  ];
  const hook = join(gitDir, 'hooks/update');
  await writeFile(hook, ['#!/bin/sh', 'case "$1" in', ...refusals, 'esac', ''].join('\n'));
  await chmod(hook, 0o755);
}

function refuse(branch: string, words: string): string {
  return `refs/heads/${branch}) echo "error: ${words} $1." >&2; exit 1;;`;
}

interface Place {
  readonly root: string;
  readonly options: GitServerOptions;
  readonly served: GitServer;
}

async function handle(request: IncomingMessage, response: ServerResponse, place: Place): Promise<void> {
  const refused = place.served.outage.shift() ?? refusal(request, place.options);
  if (refused !== null) {
    request.resume();
    const challenge = refused === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    response.writeHead(refused, challenge).end(`refused: ${refused}\n`);
    return;
  }
  if (request.method === 'POST' && pushes(request)) await place.served.beforePush?.();
  serve(request, response, place.root);
}

function pushes({ url = '' }: IncomingMessage): boolean {
  return url.includes('git-receive-pack');
}

function refusal(request: IncomingMessage, { tokens }: GitServerOptions): number | null {
  const headers = request.rawHeaders.filter(
    (_, index) => index % 2 === 0 && /^authorization$/i.test(request.rawHeaders[index] ?? ''),
  );
  // What GitHub does when a checkout's own credentials come along.
  if (headers.length > 1) return 400;
  const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = Buffer.from(basic, 'base64').toString().split(':')[1] ?? '';
  const may = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
  if (may === undefined) return 401;
  return may === 'read' && pushes(request) ? 403 : null;
}

/** RFC 3875, as far as git-http-backend asks for it. */
function serve(request: IncomingMessage, response: ServerResponse, root: string): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname.replace(/^\/octo\/functions(\.git)?/, '/octo/functions.git'),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      REMOTE_USER: 'x-access-token',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
  const parts: Buffer[] = [];
  backend.stdout.on('data', (part: Buffer) => parts.push(part));
  backend.on('close', () => answer(Buffer.concat(parts), response));
}

function answer(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.toString('latin1', 0, Math.max(end, 0)).split('\r\n');
  const headers = lines.map((line) => /^([^:]+): (.*)$/.exec(line)).filter((match) => match !== null);
  const status = headers.find((match) => match[1] === 'Status')?.[2] ?? '200';
  for (const match of headers) if (match[1] !== 'Status') response.setHeader(match[1]!, match[2]!);
  response.writeHead(Number(status.slice(0, 3))).end(output.subarray(end + 4));
}
