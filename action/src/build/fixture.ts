import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Artifact, Variant } from '../model.ts';
import type { Progress } from '../progress.ts';
import { type BuildOptions, build } from './build.ts';
import { thisMachine } from './platform.ts';

/** A folder for sources and a cache, with a build in it; disposing of it removes both. */
export interface Workshop extends AsyncDisposable {
  readonly folder: string;
  readonly cacheDir: string;
  readonly lines: readonly string[];
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  variant(name: string, rest?: Partial<Variant>): Variant;
  build(variants: readonly Variant[], rest?: Partial<BuildOptions>): Promise<Artifact[]>;
}

export async function workshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'duel-build-'));
  const cacheDir = join(folder, '.cache');
  const lines: string[] = [];
  const progress: Progress = { line: (scope, message) => lines.push(`${scope}: ${message}`) };
  const signal = new AbortController().signal;
  return {
    folder,
    cacheDir,
    lines,
    write: (files) => writeAll(folder, files),
    variant: (name, rest) => ({ ...VARIANT, name, source: join(folder, name), ...rest }),
    build: (variants, rest) =>
      build({ variants }, { platform: thisMachine, tools: {}, cacheDir, progress, signal, ...rest }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const VARIANT: Omit<Variant, 'name' | 'source'> = {
  build: 'python',
  runtime: 'python3.13',
  handler: 'handler.handler',
  architecture: 'x86_64',
  memoryMb: 1769,
  timeoutSeconds: 10,
  environment: {},
};

async function writeAll(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
