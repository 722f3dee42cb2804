import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { listFiles, type SourceFile } from '../build/source-tree.ts';
import { run } from '../command.ts';
import { DEFAULT_FILE } from '../config/config.ts';
import { readConfigFile } from '../config/file.ts';
import { ConfigError } from '../errors.ts';
import { parseOptions } from '../options.ts';
import { disarmed } from '../progress.ts';
import { plain } from '../report/escape.ts';
import { samFunctions, serverlessFunctions } from './init/declared.ts';
import { type Findings, type Found, together } from './init/found.ts';
import { functionsSeen, isSign } from './init/seen.ts';
import { configText } from './init/write.ts';

const USAGE = `Usage: npm run init -- --root DIR

Looks at the repository in DIR and writes ${DEFAULT_FILE} into it. Then: npm run bench -- --root DIR`;

/** The entry of `npm run init`: a config for a repository, from what is seen in it. */
export function main(argv: readonly string[], place: { root: string; cwd: string }): Promise<number> {
  return run(async () => {
    const root = rootOf(argv, place);
    const path = join(root, DEFAULT_FILE);
    if (existsSync(path))
      throw new ConfigError(`There is a config already: ${path}.`, 'Change it, or remove it and run again.');
    const { functions, hints } = await findFunctions(root);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, configText(functions, hints));
    readConfigFile(path, root);
    const seen = functions.map(({ seenIn }) => `  ${plain(seenIn)}\n`).join('');
    const said = hints.map((hint) => `${plain(hint)}\n`).join('');
    process.stdout.write(disarmed(`Wrote ${path}, from:\n${seen}${said}`));
    return 0;
  });
}

function rootOf(argv: readonly string[], { root, cwd }: { root: string; cwd: string }): string {
  const { root: given } = parseOptions(argv, { options: { root: { type: 'string' } } }, USAGE).values;
  const folder = given === undefined ? root : resolve(cwd, given);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new ConfigError(`--root "${given}" is not a folder.`, USAGE);
}

const SAM = /(^|\/)template\.ya?ml$/;
const SERVERLESS = /(^|\/)serverless\.ya?ml$/;

/** Build output and installed packages: a handler in them is a copy, or somebody else's. */
const NOT_LOOKED_INTO = ['dist', 'build', 'cdk.out', 'vendor', 'venv', 'env', 'site-packages'];

/**
 * What templates declare. Where none at the root does, also what looks like a function and lies in no declared one: a
 * template further down may be one service's only. Throws ConfigError when there is nothing.
 */
async function findFunctions(root: string): Promise<Findings> {
  const files = await listFiles(root, (name) => NOT_LOOKED_INTO.includes(name));
  const declared = together(await Promise.all(files.map((file) => declaredIn(root, file))));
  const functions = isDeclaredAtRoot(declared)
    ? declared.functions
    : [...declared.functions, ...outside(declared.functions, await looked(files))];
  if (functions.length === 0) {
    const looking = `Looked for AWS SAM and Serverless templates, Python and Node handlers, and Rust and Go programs that use Lambda's runtime, but not in folders named ${NOT_LOOKED_INTO.join(', ')}; write ${DEFAULT_FILE} by hand.`;
    throw new ConfigError(
      `No function was found in ${root}.`,
      [...declared.hints.map(plain), looking].join('\n'),
    );
  }
  const cdk = files.some(({ path }) => path === 'cdk.json') && !isDeclaredAtRoot(declared);
  const hint =
    'A CDK app (cdk.json) is here: memory, timeout and environment stand in its code and are not known here.';
  return { functions, hints: [...declared.hints, ...(cdk ? [hint] : [])] };
}

const isDeclaredAtRoot = ({ functions }: Findings): boolean =>
  functions.some(({ seenIn }) => /^[^/]+: /.test(seenIn)); // `template.yaml: HelloFunction`

/** Those whose file is in the folder of no declared one. */
function outside(declared: readonly Found[], seen: readonly Found[]): Found[] {
  return seen.filter(({ seenIn }) => !declared.some(({ source }) => seenIn.startsWith(`${source}/`)));
}

async function declaredIn(root: string, { path, absolute }: SourceFile): Promise<Findings> {
  if (SAM.test(path)) return samFunctions(root, path, await readFile(absolute, 'utf8'));
  if (SERVERLESS.test(path)) return serverlessFunctions(root, path, await readFile(absolute, 'utf8'));
  return { functions: [], hints: [] };
}

async function looked(files: readonly SourceFile[]): Promise<Found[]> {
  const signs = files.filter(({ path }) => isSign(path));
  const read = async ({ path, absolute }: SourceFile) => ({ path, text: await readFile(absolute, 'utf8') });
  return functionsSeen(await Promise.all(signs.map(read)), new Set(files.map(({ path }) => path)));
}
