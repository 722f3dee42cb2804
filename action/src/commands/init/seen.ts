import { posix } from 'node:path';
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
  /** Group 1, where there is one, is the handler's name. */
  readonly text: RegExp;
  /** Beside it or above it: what the function's folder has. */
  readonly marker: string;
  readonly found: (module: string, exported: string) => Pick<Found, 'build' | 'runtime' | 'handler'>;
}

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
    text: PYTHON_HANDLER,
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
    text: /^(?:module\.)?(?:exports\.|export (?:const |async function |function ))(\w*[hH]andler)\b/m,
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
    text: /^\s*lambda_(?:runtime|http)\b/m,
    marker: 'Cargo.toml',
    found: binary('cargo-lambda'),
  },
  { language: 'go', files: /\.go$/, text: /\blambda\.Start\w*\(/, marker: 'main.go', found: binary('go') },
];

/** Files that are read to find functions. */
export function isSign(path: string): boolean {
  return SIGNS.some(({ files }) => files.test(path));
}

/**
 * Functions by their look, one a file: a Python or Node handler, a crate that uses `lambda_runtime`, a Go file that calls
 * `lambda.Start`. A function is named after its language, and after its folder where a language has several.
 *
 * @param paths  every file of the repository
 */
export function functionsSeen(files: readonly TextFile[], paths: ReadonlySet<string>): Found[] {
  return SIGNS.flatMap((sign) => {
    const found = files.flatMap((file) => matched(sign, file, paths));
    return found.map((each) => ({ ...each, name: found.length === 1 ? sign.language : nameOf(each) }));
  });
}

function matched(sign: Sign, { path, text }: TextFile, paths: ReadonlySet<string>): Found[] {
  const match = sign.files.test(path) ? sign.text.exec(text) : null;
  if (match === null) return [];
  const source = folderOf(path, sign.marker, paths);
  const module = posix.relative(source, path).replace(/\.\w+$/, '');
  return [{ name: sign.language, seenIn: path, source, ...sign.found(module, match[1] ?? '') }];
}

/** The nearest folder above the file that has the marker; the file's own when none has. */
function folderOf(path: string, marker: string, paths: ReadonlySet<string>): string {
  const own = posix.dirname(path);
  for (let folder = own; ; folder = posix.dirname(folder)) {
    if (paths.has(posix.join(folder, marker))) return folder;
    if (folder === '.') return own;
  }
}

function nameOf({ source, seenIn }: Found): string {
  const folder = posix.dirname(seenIn);
  return source === '.' || folder !== source ? seenIn.replace(/\.\w+$/, '') : posix.basename(source);
}
