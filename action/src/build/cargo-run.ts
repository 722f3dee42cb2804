import { createHash } from 'node:crypto';
import { delimiter, dirname, join } from 'node:path';
import { BuildError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { remedyFor, runPersistently } from '../tools/persistently.ts';
import type { BuildContext } from './recipe.ts';
import { rustTarget, zigTools } from './zig.ts';

/** A program that runs cargo, in a variant's folder. */
export interface CargoRun {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Runs it, saying now and then how far the compiler is. All variants in Rust share one target folder, so that head and
 * base, and functions and Python modules of one workspace, compile their common dependencies once; their recipes are
 * `alone`, for it holds one binary of a name at a time.
 *
 * @throws BuildError with cargo's own words
 */
export async function runCargo(
  variant: Variant,
  { file, args }: CargoRun,
  context: BuildContext,
): Promise<void> {
  const { ok, output } = await runPersistently(file, args, {
    ...context,
    cwd: variant.source,
    env: { ...(await environment(context)), ...context.env },
    onText: compiling(context.say),
  });
  if (ok) return;
  throw new BuildError(
    `The crate of variant ${variant.name} does not build; cargo says:\n\n${withoutProgress(output)}\n`,
    remedyFor(output, `Correct the source in ${variant.source}; \`cargo check\` there shows the same.`),
  );
}

/** cargo-lambda's own folder on PATH holds its zig; flags from outside would change the artefact unseen. */
async function environment(context: BuildContext): Promise<Record<string, string | undefined>> {
  const cargoLambda = toolOf('cargo-lambda', context);
  const folder = join(context.cacheDir, 'build');
  const target = rustTarget(context.platform.architecture);
  return {
    PATH: [dirname(cargoLambda), process.env.PATH].join(delimiter),
    CARGO_TARGET_DIR: targetFolder(context),
    CARGO_TERM_COLOR: 'never',
    RUSTFLAGS: rustFlags(context),
    CARGO_ENCODED_RUSTFLAGS: undefined,
    ...(await zigTools(cargoLambda, target, join(folder, 'zig'))),
  };
}

/** Variables of a build do not change where cargo puts what it compiles: builds with others have a folder of their own. */
export function targetFolder({ cacheDir, env }: BuildContext): string {
  const variables = Object.entries(env).sort();
  if (variables.length === 0) return join(cacheDir, 'build', 'cargo');
  const hash = createHash('sha256').update(JSON.stringify(variables)).digest('hex');
  return join(cacheDir, 'build', `cargo-${hash.slice(0, 12)}`);
}

export const rustFlags = ({ platform }: BuildContext): string =>
  `-C target-cpu=${rustTarget(platform.architecture).cpu}`;

/** Throws BuildError. */
export function toolOf(name: 'cargo-lambda' | 'maturin', { tools }: BuildContext): string {
  const path = tools[name];
  if (path !== undefined) return path;
  throw new BuildError(`${name} was not found.`, `Install it: pip install ${name}.`);
}

const COMPILING = /^ +(?:Compiling|Downloaded) .*$/gm;
const SAY_EVERY_MS = 10_000;

function compiling(say: (message: string) => void): (text: string) => void {
  let crates = 0;
  let saidMs = performance.now();
  return (text) => {
    const lines = text.match(COMPILING) ?? [];
    crates += lines.length;
    if (lines.length === 0 || performance.now() - saidMs < SAY_EVERY_MS) return;
    saidMs = performance.now();
    say(`${lines.at(-1)!.trim()} (crate ${crates})`);
  };
}

function withoutProgress(output: string): string {
  return output
    .replaceAll(COMPILING, '')
    .replaceAll(/\n{2,}/g, '\n\n')
    .trim();
}
