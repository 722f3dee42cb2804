import { chmod, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../model.ts';

/** What Rust is compiled for: processors as cargo-lambda chooses them, glibc as old as manylinux2014's. */
interface RustTarget {
  readonly triple: string;
  readonly cpu: string;
  readonly zig: readonly string[];
}

const RUST_TARGETS: Readonly<Record<Architecture, RustTarget>> = {
  x86_64: {
    triple: 'x86_64-unknown-linux-gnu',
    cpu: 'haswell',
    zig: ['-mcpu=haswell', '-target', 'x86_64-linux-gnu.2.17'],
  },
  arm64: {
    triple: 'aarch64-unknown-linux-gnu',
    cpu: 'neoverse-n1',
    zig: ['-mcpu=neoverse_n1', '-target', 'aarch64-linux-gnu.2.17'],
  },
};

export const rustTarget = (architecture: Architecture): RustTarget => RUST_TARGETS[architecture];

/**
 * zig as linker, C compiler and archiver, at paths of our own. Cargo keeps the linker's path in the fingerprint of every
 * crate, and build scripts keep the compiler's; cargo-lambda and maturin each have paths of theirs unless they are given
 * some (cargo-zigbuild, `add_env_if_missing`), so that each compiled again what the other had compiled.
 *
 * @param cargoLambda absolute path; it has `zig cc` in it, which leaves out what zig does not know
 * @param folder      where the programs are put
 * @returns variables for cargo
 */
export async function zigTools(
  cargoLambda: string,
  { triple, zig }: RustTarget,
  folder: string,
): Promise<Record<string, string>> {
  const path = (name: string) => join(folder, triple, name);
  await mkdir(join(folder, triple), { recursive: true });
  const flags = ['-g', '-fno-sanitize=all', ...zig].join(' ');
  const program = quoted(cargoLambda);
  await script(path('cc'), `exec ${program} zig cc -- ${flags} "$@"`);
  await script(path('c++'), `exec ${program} zig c++ -- ${flags} "$@"`);
  await script(path('ranlib'), `exec ${program} zig ranlib -- "$@"`);
  await link(path('ar'), cargoLambda);
  const name = triple.replaceAll('-', '_');
  return {
    [`CARGO_TARGET_${name.toUpperCase()}_LINKER`]: path('cc'),
    [`CC_${name}`]: path('cc'),
    [`CXX_${name}`]: path('c++'),
    [`AR_${name}`]: path('ar'),
    [`RANLIB_${name}`]: path('ranlib'),
  };
}

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

/** What is there already is left alone: another run may be using it. */
async function script(path: string, line: string): Promise<void> {
  const text = `#!/bin/sh\n${line}\n`;
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  await writeFile(path, text);
  await chmod(path, 0o755);
}

/** cargo-lambda is an archiver when it goes by this name. */
async function link(path: string, target: string): Promise<void> {
  if ((await readlink(path).catch(() => null)) === target) return;
  await rm(path, { force: true });
  await symlink(target, path);
}
