/** Read by a few patterns: all that is asked of TOML here is which table a line stands in. */

const RUNTIME_KEY = /^[ \t]*["']?lambda_(?:runtime|http)["']?[ \t]*[.=]/m;
const DEPENDENCIES = /^(?:target\..+\.)?dependencies$/;
const RUNTIME_TABLE = /^(?:target\..+\.)?dependencies\.lambda_(?:runtime|http)$/;
const CDYLIB = /\bcrate[-_]type\s*=\s*\[[^[\]]*["']cdylib["']/;

/**
 * Whether a Cargo.toml is of a crate that is a function: it depends on Lambda's runtime itself. The versions that a
 * workspace shares are no dependency, and a cdylib without a program is a module for another language.
 */
export function isFunctionCrate(manifest: string): boolean {
  const tables = tablesOf(manifest);
  const runs = tables.some(
    ({ name, body }) => RUNTIME_TABLE.test(name) || (DEPENDENCIES.test(name) && RUNTIME_KEY.test(body)),
  );
  const isModule = tables.some(({ name, body }) => name === 'lib' && CDYLIB.test(body));
  const isProgram = tables.some(({ name }) => name === 'bin');
  return runs && (isProgram || !isModule) && tables.some(({ name }) => name === 'package');
}

/** Whether a pyproject.toml says that maturin makes the wheel: Python with a module in Rust. */
export function isMaturinProject(pyproject: string): boolean {
  return tablesOf(pyproject).some(
    ({ name, body }) => name === 'build-system' && /^[ \t]*build-backend\s*=\s*["']maturin["']/m.test(body),
  );
}

interface Table {
  readonly name: string;
  readonly body: string;
}

function tablesOf(toml: string): Table[] {
  return toml.split(/^[ \t]*(?=\[)/m).map((part) => {
    const header = /^\[\[?([^\]\n]*)\]/.exec(part);
    return { name: header?.[1]?.trim() ?? '', body: part.slice(header?.[0].length ?? 0) };
  });
}
