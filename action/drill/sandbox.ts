/** A place of its own for one run of `npm run bench`: its config, its functions, its cache, its temporary files. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { zipSync } from 'fflate';
import { stringify } from 'yaml';
import { toolVersions } from '../src/tools/catalogue.ts';
import type { Ground } from './fault.ts';

export interface Sandbox extends AsyncDisposable {
  /** All of it lies in here; it is also the `root` of the run. */
  readonly folder: string;
  readonly out: string;
  /** TMPDIR of the run. */
  readonly temporary: string;
  /** What the functions say that they were asked: `<variant> <request id>` a line. */
  readonly ledger: string;
  /** What k6 says that it sent, written by itself beside what the product reads. */
  readonly witness: string;
}

export const VARIANTS = ['one', 'two'] as const;
/** Requests a second of every measured window, environments and warm-up requests that open a slot. */
export const LOAD = { rate: 20, environments: 1, warmup: 2 } as const;
/** Of a function. */
export const TIMEOUT_SECONDS = 3;

/**
 * @param k6 path of the real one.
 * @param cache this repository's `.cache`, whose tools are used.
 * @param environment more variables of the functions.
 */
export async function makeSandbox(
  ground: Ground,
  { k6, cache }: { readonly k6: string; readonly cache: string },
  environment: Readonly<Record<string, string>> = {},
): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-drill-'));
  const place = (name: string) => join(folder, name);
  for (const name of ['tmp', 'disk', '.github', '.cache/tools'])
    await mkdir(place(name), { recursive: true });
  if (ground.diskBytes !== undefined) await mountDisk(place('disk'), ground.diskBytes);
  const sandbox = {
    ...{ folder, out: place('disk/out'), temporary: place('tmp') },
    ...{ ledger: place('ledger'), witness: place('witness.csv') },
  };
  await writeFile(sandbox.ledger, '');
  await linkTools(join(cache, 'tools'), place('.cache/tools'), k6, sandbox.witness);
  await writeFunctions(folder);
  await writeFile(
    place('.github/benchmark.yml'),
    configOf(ground, { LEDGER: sandbox.ledger, ...environment }),
  );
  return {
    ...sandbox,
    async [Symbol.asyncDispose]() {
      if (ground.diskBytes !== undefined) await execa('umount', ['--lazy', place('disk')], { reject: false });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function mountDisk(folder: string, bytes: number): Promise<void> {
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
}

/** k6 is a script that becomes the real one (same process, same signals) with one more output. */
async function linkTools(from: string, to: string, k6: string, witness: string): Promise<void> {
  const own = `k6-${toolVersions.k6}`;
  for (const name of await readdir(from)) if (name !== own) await symlink(join(from, name), join(to, name));
  await mkdir(join(to, own));
  const script =
    `#!/bin/sh\n[ "$1" = run ] && exec '${k6}' "$@" --out 'csv=fileName=${witness},timeFormat=unix_micro'\n` +
    `exec '${k6}' "$@"\n`;
  await writeFile(join(to, own, 'k6'), script, { mode: 0o755 });
}

const BOOTSTRAP = new URL('./function/bootstrap.js', import.meta.url);

/** The same function twice, told apart by a comment: equal packages would be an A/A run. */
async function writeFunctions(folder: string): Promise<void> {
  const source = await readFile(BOOTSTRAP, 'utf8');
  for (const variant of VARIANTS) {
    const bytes = new TextEncoder().encode(`${source}// ${variant}\n`);
    const zip = zipSync({ bootstrap: [bytes, { os: 3, attrs: (0o100000 | 0o755) << 16 }] });
    await writeFile(join(folder, `${variant}.zip`), zip);
    await mkdir(join(folder, variant));
  }
}

function configOf(ground: Ground, environment: Readonly<Record<string, string>>): string {
  const { rate, environments, warmup } = LOAD;
  const built = (name: string) =>
    ground.slowBuild
      ? {
          source: name,
          build: 'command',
          command: { run: `sleep 4 && cp ../${name}.zip made.zip`, package: 'made.zip' },
        }
      : { source: `${name}.zip`, build: 'zip' };
  return stringify({
    variants: VARIANTS.map((name) => ({
      ...{ name, ...built(name), runtime: 'provided.al2023', handler: 'bootstrap', timeout: TIMEOUT_SECONDS },
      environment: { ...environment, VARIANT: name },
    })),
    load: { blocks: ground.blocks ?? 2, slotSeconds: 2, rate, environments, warmup },
  });
}
