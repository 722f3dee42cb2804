import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BuildError, ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { runChild, versionOf } from '../tools/child.ts';
import { remedyFor, runPersistently } from '../tools/persistently.ts';
import { zipDeterministically } from './deterministic-zip.ts';
import type { BuildContext, Package, Prepare, Recipe } from './recipe.ts';
import { requireFolder } from './source-folder.ts';
import { listFiles } from './source-tree.ts';

/** As AWS's guide for provided.al2023 has it, and without what differs from machine to machine. */
const FLAGS = [
  '-trimpath',
  '-buildvcs=false',
  '-mod=readonly',
  '-tags=lambda.norpc',
  '-ldflags=-s -w -buildid=',
];
const GOARCH = { x86_64: 'amd64', arm64: 'arm64' } as const;

/** Go: the main package in the source folder, as a static binary named `bootstrap`. */
export const prepareGo: Prepare = async (variant, context) => {
  requireFolder(variant);
  const module = await moduleOf(variant, context);
  const inModule = relative(module, variant.source).replaceAll(sep, '/');
  return {
    files: await listFiles(module),
    flags: [...FLAGS, ...(inModule === '' ? [] : [`./${inModule}`])],
    tools: { go: await versionOf('go', ['version'], { cwd: variant.source, signal: context.signal }) },
    make: (folder) => compile(variant, folder, context),
  } satisfies Recipe;
};

/** The folder of the go.mod that the source belongs to. Go may download the toolchain that go.mod asks for to tell. */
async function moduleOf({ name, source }: Variant, context: BuildContext): Promise<string> {
  const { ok, output, stdout } = await runPersistently('go', ['env', 'GOMOD'], { ...context, cwd: source });
  if (!ok) {
    throw new BuildError(
      `Go cannot tell the module of variant ${name}; it says:\n\n${output.trim()}\n`,
      remedyFor(output, `Correct go.mod; \`go env GOMOD\` in ${source} shows the same.`),
    );
  }
  const path = stdout.trim();
  if (path.endsWith('go.mod')) return dirname(path);
  throw new ConfigError(
    `The source of variant ${name} belongs to no Go module: ${source}.`,
    'Run `go mod init` and `go mod tidy` there, and commit go.mod and go.sum.',
  );
}

async function compile({ name, source }: Variant, folder: string, context: BuildContext): Promise<Package> {
  context.say(`go build for ${context.platform.architecture}`);
  const binary = join(folder, 'bootstrap');
  const { ok, output } = await runPersistently('go', ['build', ...FLAGS, '-o', binary, '.'], {
    ...context,
    cwd: source,
    env: {
      ...{ GOFLAGS: '', ...context.env, CGO_ENABLED: '0' },
      ...{ GOOS: 'linux', GOARCH: GOARCH[context.platform.architecture] },
    },
  });
  if (ok) return packed(binary, context.signal);
  throw new BuildError(
    `The Go package of variant ${name} does not build; go says:\n\n${output.trim()}\n`,
    remedyFor(output, `Correct the source in ${source}; \`go build\` there shows the same.`),
  );
}

async function packed(binary: string, signal: AbortSignal): Promise<Package> {
  const data = await readFile(binary);
  const { stdout } = await runChild('go', ['version', '-m', binary], { signal });
  const libraries = [...stdout.matchAll(/^\tdep\t(\S+)\tv(\S+)/gm)].map(([, name, version]) => [
    name,
    version,
  ]);
  return {
    zip: zipDeterministically([{ path: 'bootstrap', data, executable: true }]),
    unzippedBytes: data.length,
    libraries: Object.fromEntries(libraries) as Record<string, string>,
  };
}
