import { execa } from 'execa';
import { BuildError, ConfigError } from '../errors.ts';
import type { Architecture, Variant } from '../model.ts';

/** What a package is built to run on. */
export interface Platform {
  readonly architecture: Architecture;
  /** Python's minor version, e.g. `3.13`; null for variants that are not built as Python. */
  readonly python: string | null;
  /** Node's major version, e.g. `22`; null for variants that are not built as Node. */
  readonly node: string | null;
}

/** Tells where a variant's package will run. */
export type BuildPlatform = (variant: Variant) => Promise<Platform>;

/** The variant's own runtime and architecture, as on AWS. */
export const awsLambda: BuildPlatform = async ({ name, build, runtime, architecture }) => {
  const versionOf = (kind: 'python' | 'node') => (build === kind ? managed(name, kind, runtime) : null);
  return { architecture, python: versionOf('python'), node: versionOf('node') };
};

const MANAGED = {
  python: { pattern: /^python(\d+\.\d+)$/, example: 'a Python runtime, e.g. python3.13' },
  node: { pattern: /^nodejs(\d+)\.x$/, example: 'a Node runtime, e.g. nodejs22.x' },
} as const;

/** The language version of a managed runtime. */
function managed(variant: string, kind: keyof typeof MANAGED, runtime: string): string {
  const version = MANAGED[kind].pattern.exec(runtime)?.[1];
  if (version !== undefined) return version;
  throw new ConfigError(
    `Variant ${variant} is built as ${kind} but its runtime is ${runtime}.`,
    `Give it ${MANAGED[kind].example}, or another build kind.`,
  );
}

/** This machine's architecture, its `python3` and the Node we run on, whatever the variant's runtime says. */
export const thisMachine: BuildPlatform = async ({ build }) => ({
  architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  python: build === 'python' ? await pythonOfThisMachine() : null,
  node: build === 'node' ? process.versions.node.split('.')[0]! : null,
});

async function pythonOfThisMachine(): Promise<string> {
  const { stdout, exitCode } = await execa('python3', ['--version'], { reject: false });
  const version = /^Python (\d+\.\d+)/.exec(stdout)?.[1];
  if (exitCode === 0 && version !== undefined) return version;
  throw new BuildError('python3 cannot be run.', 'Install Python 3.11 or later and put it on PATH.');
}
