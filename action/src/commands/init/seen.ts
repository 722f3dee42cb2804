import { posix } from 'node:path';
import { isFunctionCrate, isMaturinProject } from './crate.ts';
import { type Found, RUNTIMES } from './found.ts';

/** A text file of the repository. */
export interface TextFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** How a function of a language is recognised where no template declares it. */
interface Sign {
  readonly language: string;
  readonly files: RegExp;
  /** The handler's name in a file of that text, empty where it has none of its own; null for what is no function. */
  readonly handler: (text: string) => string | null;
  /** Beside it or above it: what the function's folder has. */
  readonly marker: string;
  readonly found: (module: string, exported: string) => Pick<Found, 'build' | 'runtime' | 'handler'>;
}

/** Group 1 of the pattern, where it has one. */
const nameIn = (pattern: RegExp) => (text: string) => {
  const match = pattern.exec(text);
  return match === null ? null : (match[1] ?? '');
};

const binary = (build: 'cargo-lambda' | 'go') => () =>
  ({ build, runtime: RUNTIMES.binary, handler: 'bootstrap' }) as const;

/** Square brackets with what stands in them, `inner` among it. */
const bracketed = (inner: string) => String.raw`\[[^()[\]]*(?:${inner}[^()[\]]*)*\]`;
/** Three deep, as in `Dict[str, List[Dict[str, int]]]`. */
const BRACKETS = bracketed(bracketed(String.raw`\[[^()[\]]*\]`));

/**
 * A function of two parameters, on one line or one a line. A type ends at the comma outside of its brackets, as in
 * `event: dict[str, Any], context: LambdaContext`. What repeats never begins like what follows it, so that a hostile
 * file takes no longer than another of its size.
 */
const PYTHON_HANDLER = new RegExp(
  String.raw`^(?:async )?def (\w*handler)\s*\(\s*\w+\s*(?:[:=][^,()[\]]*(?:${BRACKETS}[^,()[\]]*)*)?,\s*\w+`,
  'm',
);

const SIGNS: readonly Sign[] = [
  {
    language: 'python',
    files: /(?<!(^|\/)(test_[^/]*|[^/]*_test|conftest))\.py$/,
    handler: nameIn(PYTHON_HANDLER),
    marker: 'requirements.txt',
    found: (module, exported) => ({
      build: 'python',
      runtime: RUNTIMES.python,
      handler: `${module.replaceAll('/', '.')}.${exported}`,
    }),
  },
  {
    language: 'node',
    files: /(?<!\.(test|spec|d|config))\.[cm]?[jt]s$/,
    handler: nameIn(
      /^(?:module\.)?(?:exports\.|export (?:const |async function |function ))(\w*[hH]andler)\b/m,
    ),
    marker: 'package.json',
    found: (module, exported) => ({
      build: 'node',
      runtime: RUNTIMES.node,
      handler: `${module}.${exported}`,
    }),
  },
  {
    language: 'rust',
    files: /(^|\/)Cargo\.toml$/,
    handler: (text) => (isFunctionCrate(text) ? '' : null),
    marker: 'Cargo.toml',
    found: binary('cargo-lambda'),
  },
  {
    language: 'go',
    files: /\.go$/,
    handler: nameIn(/\blambda\.Start\w*\(/),
    marker: 'main.go',
    found: binary('go'),
  },
];

const PYPROJECT = /(^|\/)pyproject\.toml$/;

/** Files that are read to find functions. */
export function isSign(path: string): boolean {
  return PYPROJECT.test(path) || SIGNS.some(({ files }) => files.test(path));
}

interface Repository {
  readonly paths: ReadonlySet<string>;
  /** Folders of Python with a module in Rust. */
  readonly maturin: ReadonlySet<string>;
}

/**
 * Functions by their look, one a file: a Python or Node handler, a crate that uses `lambda_runtime`, a Go file that calls
 * `lambda.Start`. A function is named after its language, and after its folder or file where a language has several.
 *
 * @param paths  every file of the repository
 */
export function functionsSeen(files: readonly TextFile[], paths: ReadonlySet<string>): Found[] {
  const repository = { paths, maturin: maturinFolders(files, paths) };
  return SIGNS.flatMap((sign) => {
    const found = files.flatMap((file) => matched(sign, file, repository));
    const alone = ({ build }: Found) => found.filter((other) => other.build === build).length === 1;
    return found.map((each) => ({ ...each, name: alone(each) ? each.name : nameOf(each, found) }));
  });
}

/** Where the build kind maturin finds what it needs beside the handler. */
function maturinFolders(files: readonly TextFile[], paths: ReadonlySet<string>): Set<string> {
  const projects = files.filter(({ path, text }) => PYPROJECT.test(path) && isMaturinProject(text));
  const folders = projects.map(({ path }) => posix.dirname(path));
  return new Set(folders.filter((folder) => paths.has(posix.join(folder, 'Cargo.toml'))));
}

function matched(sign: Sign, { path, text }: TextFile, { paths, maturin }: Repository): Found[] {
  const exported = sign.files.test(path) ? sign.handler(text) : null;
  if (exported === null) return [];
  const own = posix.dirname(path);
  const withRust = sign.language === 'python' && maturin.has(own);
  const source = withRust ? own : folderOf(path, sign.marker, paths);
  const module = posix.relative(source, path).replace(/\.\w+$/, '');
  const found = { name: sign.language, seenIn: path, source, ...sign.found(module, exported) };
  return [withRust ? { ...found, name: 'maturin', build: 'maturin' } : found];
}

/** The nearest folder above the file that has the marker; the file's own when none has. */
function folderOf(path: string, marker: string, paths: ReadonlySet<string>): string {
  const own = posix.dirname(path);
  for (let folder = own; ; folder = posix.dirname(folder)) {
    if (paths.has(posix.join(folder, marker))) return folder;
    if (folder === '.') return own;
  }
}

/** After its folder, or after its file where the folder has several. */
function nameOf({ source, seenIn }: Found, all: readonly Found[]): string {
  const folder = posix.dirname(seenIn);
  const shared = all.filter((other) => other.source === source).length > 1;
  return shared || source === '.' || folder !== source
    ? seenIn.replace(/\.\w+$/, '')
    : posix.basename(source);
}
