import { execa } from 'execa';
import { BuildError, ConfigError } from '../errors.ts';
import type { Architecture, Variant } from '../model.ts';

/** What a package is built to run on. */
export interface Platform {
  readonly architecture: Architecture;
  /** Python's minor version, e.g. `3.13`; null for variants that are not built as Python. */
  readonly python: string | null;
}

/** Tells where a variant's package will run. */
export type BuildPlatform = (variant: Variant) => Promise<Platform>;

/** The variant's own runtime and architecture, as on AWS. */
export const awsLambda: BuildPlatform = async ({ name, build, runtime, architecture }) => {
  const python = /^python(\d+\.\d+)$/.exec(runtime)?.[1] ?? null;
  if (build === 'python' && python === null) {
    throw new ConfigError(
      `Variant ${name} is built as python but its runtime is ${runtime}.`,
      'Give it a Python runtime, e.g. python3.13, or another build kind.',
    );
  }
  return { architecture, python: build === 'python' ? python : null };
};

/** This machine's architecture and its `python3`, whatever the variant's runtime says. */
export const thisMachine: BuildPlatform = async ({ build }) => ({
  architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  python: build === 'python' ? await pythonOfThisMachine() : null,
});

async function pythonOfThisMachine(): Promise<string> {
  const { stdout, exitCode } = await execa('python3', ['--version'], { reject: false });
  const version = /^Python (\d+\.\d+)/.exec(stdout)?.[1];
  if (exitCode === 0 && version !== undefined) return version;
  throw new BuildError('python3 cannot be run.', 'Install Python 3.11 or later and put it on PATH.');
}
