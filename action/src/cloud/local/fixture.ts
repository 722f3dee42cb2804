import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { UNBUILT } from '../../../test/fixtures/unbuilt.ts';
import type { Artifact, Variant } from '../../model.ts';
import { silent } from '../../progress.ts';
import { ensureTools } from '../../tools/tools.ts';
import type { Deployment } from '../cloud.ts';
import { type LocalCloudOptions, localCloud } from './local.ts';

const bootstrap = readFileSync(new URL('fixtures/bootstrap', import.meta.url));
const cacheDir = new URL('../../../../.cache', import.meta.url).pathname;

const findTools = () =>
  ensureTools(['gofakes3', 'dynoxide', 'awslambdaric', 'aws-lambda-ric'], { cacheDir, progress: silent });
let tools: ReturnType<typeof findTools> | undefined;

/** For tests: the programs of the local cloud, looked for once. */
export function localTools() {
  tools ??= findTools();
  return tools;
}

/** For tests: the function of `artifact` on a local cloud. */
export async function deployed(variant: Partial<Variant> = {}, options: Partial<LocalCloudOptions> = {}) {
  const tools = await localTools();
  await using code = await artifact(variant);
  const deployment = await localCloud({ tools, progress: silent, ...options }).deploy([code]);
  return {
    deployment,
    get: (path: string) => fetch(`${deployment.endpoints.get('noop')}${path}`),
    [Symbol.asyncDispose]: () => deployment[Symbol.asyncDispose](),
  };
}

/** Of the process that answered. */
export const pid = (response: Response) => Number(response.headers.get('x-pid'));

export const records = (deployment: Deployment) =>
  deployment.invocations({ fromMs: 0, toMs: Number.POSITIVE_INFINITY });

/** For tests: a function in a zip, its source given. */
export async function artifact(
  given: Partial<Variant> & { readonly file?: string; readonly source?: string; readonly mode?: number },
): Promise<Artifact & AsyncDisposable> {
  const { file = 'bootstrap', source, mode = 0o755, ...variant } = given;
  const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-test-'));
  const path = join(folder, 'function.zip');
  const bytes = source === undefined ? bootstrap : new TextEncoder().encode(source);
  await writeFile(path, zipSync({ [file]: [bytes, { os: 3, attrs: (0o100000 | mode) << 16 }] }));
  return {
    variant: { ...noop, ...variant },
    path,
    ...UNBUILT,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const noop: Variant = {
  name: 'noop',
  source: '',
  build: 'zip',
  runtime: 'provided.al2023',
  handler: 'bootstrap',
  architecture: 'x86_64',
  memoryMb: 1769,
  timeoutSeconds: 5,
  environment: {},
};
