import { parse } from 'smol-toml';
import { z } from 'zod';

const DEPENDENCIES = z
  .record(z.string(), z.union([z.string(), z.looseObject({ package: z.string().optional() })]))
  .default({});

const CRATE_TYPES = z.array(z.string()).default([]);

/** https://doc.rust-lang.org/cargo/reference/manifest.html */
const CRATE = z.object({
  package: z.looseObject({}),
  dependencies: DEPENDENCIES,
  target: z.record(z.string(), z.object({ dependencies: DEPENDENCIES })).default({}),
  // Cargo takes both spellings.
  lib: z.object({ 'crate-type': CRATE_TYPES, crate_type: CRATE_TYPES }).optional(),
  bin: z.array(z.unknown()).default([]),
});

const PYPROJECT = z.object({ 'build-system': z.object({ 'build-backend': z.literal('maturin') }) });

const RUNTIMES = ['lambda_runtime', 'lambda_http'];

/**
 * Whether a Cargo.toml is of a crate that is a function: it depends on Lambda's runtime itself. The versions that a
 * workspace shares are no dependency, and a cdylib without a program is a module for another language.
 */
export function isFunctionCrate(manifest: string): boolean {
  const crate = read(CRATE, manifest);
  if (crate === null) return false;
  const dependencies = [crate, ...Object.values(crate.target)].flatMap((table) =>
    Object.entries(table.dependencies),
  );
  const runs = dependencies.some(([name, value]) =>
    RUNTIMES.includes(typeof value === 'string' ? name : (value.package ?? name)),
  );
  const types = [...(crate.lib?.['crate-type'] ?? []), ...(crate.lib?.crate_type ?? [])];
  return runs && (crate.bin.length > 0 || !types.includes('cdylib'));
}

/** Whether a pyproject.toml says that maturin makes the wheel: Python with a module in Rust. */
export function isMaturinProject(pyproject: string): boolean {
  return read(PYPROJECT, pyproject) !== null;
}

/** Null where it is no TOML, or not of that shape. */
function read<T>(schema: z.ZodType<T>, toml: string): T | null {
  try {
    return schema.safeParse(parse(toml)).data ?? null;
  } catch {
    return null;
  }
}
