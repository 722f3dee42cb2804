import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Artifact, Variant } from '../../model.ts';
import { silent } from '../../progress.ts';
import { ensureTools } from '../../tools/tools.ts';

const bootstrap = readFileSync(new URL('fixtures/bootstrap', import.meta.url));
const cacheDir = new URL('../../../../.cache', import.meta.url).pathname;

/** For tests: the programs of the local cloud. */
export function localTools() {
  return ensureTools(['gofakes3', 'dynoxide', 'awslambdaric', 'aws-lambda-ric'], {
    cacheDir,
    progress: silent,
  });
}

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
    sha256: '',
    zippedBytes: 0,
    unzippedBytes: 0,
    buildSeconds: 0,
    reused: false,
    tools: {},
    flags: [],
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
