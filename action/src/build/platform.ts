import { execa } from 'execa';
import { BuildError, ConfigError } from '../errors.ts';
import type { Architecture, BuildKind, Variant } from '../model.ts';

/** What a package is built to run on. */
export interface Platform {
  readonly architecture: Architecture;
  /** Python's minor version, e.g. `3.13`; null for variants that are not built for Python. */
  readonly python: string | null;
  /** Node's major version, e.g. `22`; null for variants that are not built as Node. */
  readonly node: string | null;
}

/** Tells where a variant's package will run. */
export type BuildPlatform = (variant: Variant) => Promise<Platform>;

/** The variant's own runtime and architecture, as on AWS. */
export const awsLambda: BuildPlatform = async ({ name, build, runtime, architecture }) => {
  const versionOf = (language: keyof typeof MANAGED) =>
    languageOf(build) === language ? managed(name, build, language, runtime) : null;
  return { architecture, python: versionOf('python'), node: versionOf('node') };
};

const MANAGED = {
  python: { pattern: /^python(\d+\.\d+)$/, example: 'a Python runtime, e.g. python3.13' },
  node: { pattern: /^nodejs(\d+)\.x$/, example: 'a Node runtime, e.g. nodejs22.x' },
} as const;

function languageOf(build: BuildKind): keyof typeof MANAGED | null {
  if (build === 'python' || build === 'maturin') return 'python';
  return build === 'node' ? 'node' : null;
}

/** The language version of a managed runtime. */
function managed(variant: string, build: BuildKind, language: keyof typeof MANAGED, runtime: string): string {
  const version = MANAGED[language].pattern.exec(runtime)?.[1];
  if (version !== undefined) return version;
  throw new ConfigError(
    `Variant ${variant} is built as ${build} but its runtime is ${runtime}.`,
    `Give it ${MANAGED[language].example}, or another build kind.`,
  );
}

/** This machine's architecture, its `python3` and the Node we run on, whatever the variant's runtime says. */
export const thisMachine: BuildPlatform = async ({ build }) => ({
  architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  python: languageOf(build) === 'python' ? await pythonOfThisMachine() : null,
  node: build === 'node' ? process.versions.node.split('.')[0]! : null,
});

async function pythonOfThisMachine(): Promise<string> {
  const { stdout, exitCode } = await execa('python3', ['--version'], { reject: false });
  const version = /^Python (\d+\.\d+)/.exec(stdout)?.[1];
  if (exitCode === 0 && version !== undefined) return version;
  throw new BuildError('python3 cannot be run.', 'Install Python 3.11 or later and put it on PATH.');
}
