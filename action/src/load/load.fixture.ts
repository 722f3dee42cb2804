import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Script } from '../cloud/scripted.ts';
import { profileNamed } from '../config/profiles.ts';
import type { Config, Profile } from '../model.ts';
import { type Progress, silent } from '../progress.ts';
import { ensureTools } from '../tools/tools.ts';
import { Journal } from './journal.ts';
import type { LoadMeans } from './load.ts';

export const QUICK: Script = { initMs: 20, durationMs: 2 };

/** Folders and a k6 for the tests of a file, which must leave neither files nor processes behind. */
export function workbench() {
  const workDir = mkdtempSync(join(tmpdir(), 'duel-load-test-'));
  const journalDir = mkdtempSync(join(tmpdir(), 'duel-load-journal-'));
  let k6 = '';
  beforeAll(async () => {
    const cacheDir = join(import.meta.dirname, '../../../.cache');
    ({ k6 } = await ensureTools(['k6'], { cacheDir, progress: silent }));
  }, 600_000);
  afterAll(() => {
    for (const folder of [workDir, journalDir]) rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    expect(readdirSync(workDir), 'temporary files are gone').toEqual([]);
    expect(processesOf(workDir), 'processes are gone').toEqual([]);
  });
  /** Means whose `onStart` is called when the load has begun. */
  const means = (fields: Partial<LoadMeans> = {}, onStart: () => void = () => {}): LoadMeans => {
    const progress: Progress = {
      line: (_, message) => {
        if (message.includes('slots, ')) onStart();
      },
    };
    return {
      ...{ k6, progress, signal: new AbortController().signal, workDir },
      ...{ journal: new Journal(journalDir), looks: null, ...fields },
    };
  };
  return { workDir, journalDir, means };
}

/** Ids of processes that have the folder in their command line, as k6 does for its options file. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'latin1').includes(`${folder}/lambda-duel-`);
      } catch {
        return false; // It ended meanwhile.
      }
    })
    .map(Number);
}

export function configOf(variants: readonly string[], profile: Partial<Profile> = {}): Config {
  const short = {
    ...profileNamed('smoke', variants.length),
    ...{ blocks: 2, slotSeconds: 2.3, rate: 40 },
    ...profile,
  };
  return {
    variants: variants.map((name) => ({ name })),
    profile: short,
    seed: 5,
    shard: null,
  } as unknown as Config;
}
