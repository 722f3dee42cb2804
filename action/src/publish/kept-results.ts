import type { KeptRun } from '../report/index-page.ts';
import { parseResult } from '../report/json.ts';
import type { Result } from '../result.ts';
import type { GitStore, StoredFile } from './git-store.ts';
import { KEPT_RESULT } from './report-folder.ts';

/** The index shows this many runs of a branch; older ones stay in their folders. */
const INDEXED_RUNS = 200;
/** Read at once: an answer of git is held in memory whole, and a result may have 8 MiB. */
const BATCH = 20;

/** Results that a branch keeps. Remembered by blob, so that a lost race does not read them all again. */
export class KeptResults {
  readonly #store: GitStore;
  readonly #known = new Map<string, Result | null>();

  constructor(store: GitStore) {
    this.#store = store;
  }

  /** @returns the newest; folder names begin with the date, so they are found without reading any */
  async newest(files: readonly StoredFile[]): Promise<KeptRun[]> {
    const newest = [...files].sort((a, b) => dateOf(b).localeCompare(dateOf(a), 'en')).slice(0, INDEXED_RUNS);
    const missing = newest.filter(({ id }) => !this.#known.has(id)).map(({ id }) => id);
    for (let at = 0; at < missing.length; at += BATCH) await this.#learn(missing.slice(at, at + BATCH));
    return newest.map(({ id, path }) => ({
      folder: KEPT_RESULT.exec(path)?.[1] ?? path,
      result: this.#known.get(id) ?? null,
    }));
  }

  async #learn(ids: readonly string[]): Promise<void> {
    const texts = await this.#store.read(ids);
    for (const [index, id] of ids.entries()) this.#known.set(id, readable(texts[index] ?? ''));
  }
}

function dateOf({ path }: StoredFile): string {
  return path.split('/').slice(2).join('/');
}

function readable(text: string): Result | null {
  try {
    return parseResult(text);
  } catch {
    return null;
  }
}
