import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../model.ts';
import type { Package, Recipe } from './recipe.ts';

/** A package on disk: what an artefact is beyond the variant it belongs to. */
export type StoredPackage = Omit<Artifact, 'variant'>;

type PackageRecord = Omit<StoredPackage, 'path' | 'reused'>;

const KEPT = 12;
const PACKAGE = /-[0-9a-f]{16}$/;
const DAY_MS = 86_400_000;

/** Packages by fingerprint: `<folder>/<kind>-<fingerprint>/` with `package.zip` and `artifact.json`. */
export class Cache {
  readonly #folder: string;
  readonly #used = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns null when there is none, or it was damaged */
  async find(key: string): Promise<StoredPackage | null> {
    const folder = join(this.#folder, key);
    const path = join(folder, 'package.zip');
    try {
      const record = JSON.parse(await readFile(join(folder, 'artifact.json'), 'utf8')) as PackageRecord;
      if (sha256(await readFile(path)) !== record.sha256) return null;
      await utimes(folder, new Date(), new Date());
      this.#used.add(key);
      return { ...record, path, reused: true };
    } catch {
      return null;
    }
  }

  /** Makes the package beside its place and renames it there when it is whole. */
  async make(key: string, recipe: Recipe): Promise<StoredPackage> {
    await mkdir(this.#folder, { recursive: true });
    const work = await mkdtemp(join(this.#folder, 'partial-'));
    try {
      const started = performance.now();
      await mkdir(join(work, 'make'));
      const made = await recipe.make(join(work, 'make'));
      const record = describe(made, recipe, (performance.now() - started) / 1000);
      return { ...record, path: await this.#keep(key, work, made, record), reused: false };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }

  async #keep(key: string, work: string, made: Package, record: PackageRecord): Promise<string> {
    const whole = join(work, 'whole');
    const place = join(this.#folder, key);
    await mkdir(whole);
    await writeFile(join(whole, 'package.zip'), made.zip);
    await writeFile(join(whole, 'artifact.json'), `${JSON.stringify(record, null, 2)}\n`);
    await rm(place, { recursive: true, force: true });
    await rename(whole, place);
    this.#used.add(key);
    return join(place, 'package.zip');
  }

  /**
   * Removes all but the packages used last, and what a killed run left more than a day ago. What was found or made here
   * stays, however much it is: somebody is about to deploy it.
   */
  async prune(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const others = await this.#latestFirst(
      names.filter((name) => PACKAGE.test(name) && !this.#used.has(name)),
    );
    const partial = await this.#latestFirst(names.filter((name) => name.startsWith('partial-')));
    const abandoned = partial.filter(({ ms }) => Date.now() - ms > DAY_MS);
    // Each package may have a folder of requirements beside it, used as lately.
    const kept = Math.max(KEPT - this.#used.size, this.#used.size);
    const old = [...others.slice(kept), ...abandoned];
    await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })));
  }

  async #latestFirst(names: readonly string[]): Promise<{ path: string; ms: number }[]> {
    const paths = names.map((name) => join(this.#folder, name));
    const dated = await Promise.all(paths.map(async (path) => ({ path, ms: (await stat(path)).mtimeMs })));
    return dated.sort((a, b) => b.ms - a.ms);
  }
}

function describe(made: Package, recipe: Recipe, buildSeconds: number): PackageRecord {
  return {
    sha256: sha256(made.zip),
    zippedBytes: made.zip.length,
    unzippedBytes: made.unzippedBytes,
    buildSeconds,
    tools: { ...recipe.tools, ...made.libraries },
    flags: recipe.flags,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
