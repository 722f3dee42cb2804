import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Deployment } from '../../src/cloud/cloud.ts';
import { localCloud } from '../../src/cloud/local/local.ts';
import { listen } from '../../src/loopback.ts';
import type { Artifact, Variant } from '../../src/model.ts';
import type { Progress } from '../../src/progress.ts';
import { runChild } from '../../src/tools/child.ts';
import { ensureTools } from '../../src/tools/tools.ts';
import { startMinistack } from '../../test/aws/ministack.ts';
import { UNBUILT } from '../../test/fixtures/unbuilt.ts';
import { processCpuMs, treeCpuMs } from './cpu.ts';

/** One thing that answers no-op requests. */
export interface Subject {
  readonly name: string;
  readonly function: string;
  readonly url: string;
  /** CPU used so far by all that serves it, ms: the cloud, and the function. */
  cpu(): Promise<{ readonly cloudMs: number; readonly functionMs: number | null }>;
  /** Duration by request id, ms, where there is a Lambda that reports it. */
  durations?(): Promise<ReadonlyMap<string, number>>;
}

export interface Place {
  readonly root: string;
  readonly cacheDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const rust: Pick<Variant, 'runtime' | 'handler'> = { runtime: 'provided.al2023', handler: 'bootstrap' };
const python: Pick<Variant, 'runtime' | 'handler'> = { runtime: 'python3.12', handler: 'noop.handler' };
const memoryMb = 1769;
const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

/** What a request costs when nothing but an HTTP server answers it. */
export async function bareServer(): Promise<Subject & AsyncDisposable> {
  const server = createServer((_request, response) => response.setHeader('content-length', 0).end(''));
  const port = await listen(server);
  return {
    name: 'bare HTTP server (Node)',
    function: 'none',
    url: `http://127.0.0.1:${port}/`,
    cpu: async () => ({ cloudMs: processCpuMs(), functionMs: 0 }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The no-op functions as packages: Rust on `lambda_runtime`, Python on `awslambdaric`. */
export async function packages(place: Place): Promise<Artifact[] & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-benchmark-'));
  const target = join(place.cacheDir, 'build', 'noop');
  place.progress.line('benchmark', 'building the Rust no-op (about 60 s the first time)');
  const { ok, output } = await runChild('cargo', ['build', '--release', '--locked', '--target-dir', target], {
    cwd: join(place.root, 'action/benchmarks/noop'),
    signal: place.signal,
  });
  if (!ok) throw new Error(`The Rust no-op could not be built: ${output}`);
  const bootstrap = await readFile(join(target, 'release/noop'));
  const source = new TextEncoder().encode(
    'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n',
  );
  const artifacts = [
    await pack(folder, { name: 'rust-noop', ...rust }, { bootstrap }),
    await pack(folder, { name: 'python-noop', ...python }, { 'noop.py': source }),
  ];
  const dispose = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  return Object.assign(artifacts, dispose);
}

async function pack(
  folder: string,
  variant: Pick<Variant, 'name' | 'runtime' | 'handler'>,
  files: Record<string, Uint8Array>,
): Promise<Artifact> {
  const path = join(folder, `${variant.name}.zip`);
  const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 };
  const entries = Object.entries(files).map(([name, bytes]) => [name, [bytes, executable]]);
  await writeFile(path, zipSync(Object.fromEntries(entries)));
  const settings = { source: '', build: 'zip', architecture: 'x86_64', timeoutSeconds: 5 } as const;
  return {
    variant: { ...settings, ...variant, memoryMb, environment: {} },
    path,
    ...UNBUILT,
  };
}

export interface Subjects extends AsyncDisposable {
  readonly subjects: readonly Subject[];
}

export async function localSubjects(artifacts: readonly Artifact[], place: Place): Promise<Subjects> {
  const tools = await ensureTools(['gofakes3', 'dynoxide', 'awslambdaric'], place);
  const deployment = await localCloud({ ...place, tools }).deploy(artifacts);
  const subjects = artifacts.map(({ variant }) => ({
    name: 'local cloud',
    function: variant.name,
    url: deployment.endpoints.get(variant.name) as string,
    cpu: async () => ({ cloudMs: processCpuMs(), functionMs: await reportedCpuMs(deployment, variant.name) }),
    durations: async () => {
      const all = await deployment.invocations(always);
      return new Map(all.map((record) => [record.requestId, record.durationMs]));
    },
  }));
  return { subjects, [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose]() };
}

async function reportedCpuMs(deployment: Deployment, variant: string): Promise<number> {
  const all = await deployment.invocations(always);
  return all.reduce((sum, record) => sum + (record.variant === variant ? (record.cpuMs ?? 0) : 0), 0);
}

/** ministack in a process of its own; its functions' CPU can't be told from its own. */
export async function ministackSubjects(artifacts: readonly Artifact[], place: Place): Promise<Subjects> {
  const ministack = await startMinistack(place);
  const cpu = async () => ({ cloudMs: treeCpuMs(ministack.pid), functionMs: null });
  const subjects: Subject[] = [];
  for (const artifact of artifacts) {
    const url = await createFunction(ministack.endpoint, artifact);
    subjects.push({ name: 'ministack', function: artifact.variant.name, url, cpu });
  }
  return { subjects, [Symbol.asyncDispose]: () => ministack[Symbol.asyncDispose]() };
}

async function createFunction(endpoint: string, { variant, path }: Artifact): Promise<string> {
  const code = (await readFile(path)).toString('base64');
  await call(`${endpoint}/2015-03-31/functions`, {
    FunctionName: variant.name,
    Runtime: variant.runtime,
    Handler: variant.handler,
    Role: 'arn:aws:iam::000000000000:role/noop',
    MemorySize: variant.memoryMb,
    Timeout: variant.timeoutSeconds,
    Code: { ZipFile: code },
  });
  const { FunctionUrl } = await call(`${endpoint}/2021-10-31/functions/${variant.name}/url`, {
    AuthType: 'NONE',
  });
  const id = new URL(FunctionUrl).hostname.split('.')[0];
  return `${endpoint}/_aws/lambda-url/${id}/`;
}

async function call(url: string, body: object): Promise<{ FunctionUrl: string }> {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, Signature=0';
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { FunctionUrl: string };
}
