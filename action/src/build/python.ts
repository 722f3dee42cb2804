import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, ConfigError } from '../errors.ts';
import type { Variant } from '../model.ts';
import { versionOf } from '../tools/child.ts';
import { remedyFor, runPersistently } from '../tools/persistently.ts';
import { keepServices, servicesToKeep } from './botocore-data.ts';
import { readEntries, unzippedBytes, type ZipEntry, zipDeterministically } from './deterministic-zip.ts';
import type { Platform } from './platform.ts';
import type { BuildContext, Package, Prepare, Recipe } from './recipe.ts';
import { keptRequirements } from './requirements.ts';
import { requireFolder } from './source-folder.ts';
import { listFiles, listInstalled, type SourceFile } from './source-tree.ts';

/** Tests and what only development needs. */
export const NOT_PACKAGED =
  /(^|\/)(test_[^/]*\.py|[^/]*_test\.py|conftest\.py|[^/]*\.pyc)$|^requirements[^/]*\.txt$/;
/**
 * Written by installers for themselves: scripts carry the path of the machine, bills of materials (maturin's) the time and
 * a random number, too, so that no two packages were the same.
 */
const INSTALLERS_OWN = /^bin\/|\.dist-info\/(RECORD|INSTALLER|REQUESTED|direct_url\.json|sboms\/.*)$/;
const DIST_INFO = /^([^/]+)-([^/-]+)\.dist-info\/METADATA$/;

/**
 * Python: the source folder and its `requirements.txt`, as wheels for the platform.
 *
 * Without bytecode, as AWS recommends, because it serves one interpreter version only. A requirement outside of
 * the folder (`-r ../other.txt`) is not seen to change.
 */
export const preparePython: Prepare = async (variant, context) => {
  requireFolder(variant);
  requireHandler(variant);
  const all = await listFiles(variant.source);
  const source = all.filter(({ path }) => !NOT_PACKAGED.test(path));
  const requirements = all.filter(({ path }) => path === 'requirements.txt');
  const text = requirements[0] === undefined ? '' : await readFile(requirements[0].absolute, 'utf8');
  const services = servicesToKeep(text);
  const flags = requirements.length > 0 ? pipFlags(context.platform) : [];
  return {
    files: [...source, ...requirements],
    flags: [...flags, ...(services === null ? [] : [`botocore-data: ${services.join(' ')}`])],
    tools: await pythonVersions(context),
    make: async (folder) => {
      const pip = (site: string) => install(variant, REQUIREMENTS, flags, site, context);
      const site = flags.length > 0 ? await keptRequirements(text, flags, context, pip) : folder;
      return assemble(source, site, services);
    },
  } satisfies Recipe;
};

const REQUIREMENTS = ['--requirement', 'requirements.txt'];

/** Lambda's own rule: `folder/module.function` or `package.module.function`. */
export function requireHandler({ name, source, handler }: Variant): void {
  const module = handler.slice(0, Math.max(0, handler.lastIndexOf('.'))).replaceAll('.', '/');
  const places = [`${module}.py`, `${module}/__init__.py`];
  if (module !== '' && places.some((place) => existsSync(join(source, place)))) return;
  throw new ConfigError(
    `The handler ${handler} of variant ${name} has no file: ${places[0]} is not in ${source}.`,
    'Give handler as <file without .py>.<function>, or add the file.',
  );
}

export function pipFlags({ architecture, python }: Platform): string[] {
  const machine = architecture === 'arm64' ? 'aarch64' : 'x86_64';
  // Amazon Linux 2023, under Python 3.12 and later, has glibc 2.34; Amazon Linux 2 before has 2.26.
  const newer = Number(python?.split('.')[1]) >= 12 ? [`--platform=manylinux_2_28_${machine}`] : [];
  const wheels = [`--platform=manylinux2014_${machine}`, ...newer, '--only-binary=:all:'];
  return [...wheels, '--implementation=cp', `--python-version=${python}`, '--no-compile'];
}

export async function pythonVersions({ signal }: BuildContext): Promise<Record<string, string>> {
  const pip = await versionOf('python3', ['-m', 'pip', '--version'], { signal });
  return { pip, python: await versionOf('python3', ['--version'], { signal }) };
}

/** @param what  requirements or wheels, in pip's words */
export async function install(
  variant: Variant,
  what: readonly string[],
  flags: readonly string[],
  folder: string,
  context: BuildContext,
): Promise<void> {
  const { architecture, python } = context.platform;
  context.say(`pip installs its requirements for Python ${python} on ${architecture}`);
  const from = [...what, '--target', folder];
  const args = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...flags, ...from];
  const options = { ...context, cwd: variant.source, env: { PIP_USER: '0', ...context.env } };
  const { ok, output } = await runPersistently('python3', args, options);
  if (ok) return;
  throw new BuildError(
    `The requirements of variant ${variant.name} cannot be installed; pip says:\n\n${output.trim()}\n`,
    remedyFor(
      output,
      `Correct ${join(variant.source, 'requirements.txt')}; every requirement needs a wheel for Python ${python} on ${architecture}.`,
    ),
  );
}

export async function assemble(
  source: readonly SourceFile[],
  installed: string,
  services: readonly string[] | null,
): Promise<Package> {
  const site = (await listInstalled(installed)).filter(({ path }) => !INSTALLERS_OWN.test(path));
  const dependencies = await readEntries(site);
  const kept = services === null ? dependencies : keepServices(dependencies, services);
  // The function's own file wins over a dependency's of the same name.
  const byPath = new Map([...kept, ...(await readEntries(source))].map((entry) => [entry.path, entry]));
  const entries = [...byPath.values()];
  return {
    zip: zipDeterministically(entries),
    unzippedBytes: unzippedBytes(entries),
    libraries: librariesIn(kept),
  };
}

/** What was really installed, from the folders pip leaves. */
function librariesIn(entries: readonly ZipEntry[]): Record<string, string> {
  const found = entries.flatMap(({ path }) => {
    const [, name, version] = DIST_INFO.exec(path) ?? [];
    return name === undefined ? [] : [[name.replaceAll('_', '-'), version!] as const];
  });
  return Object.fromEntries(found);
}
