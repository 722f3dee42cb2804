import { expect, it } from 'vitest';
import { clearVerdict } from '../../test/fixtures/clear-verdict.ts';
import { serialize } from '../report/json.ts';
import type { GitStore } from './git-store.ts';
import { KeptResults } from './kept-results.ts';

it('reads the results of a branch a few at a time, each once, the newest first', async () => {
  const reads: (readonly string[])[] = [];
  const text = serialize(clearVerdict());
  const read = async (ids: readonly string[]) => {
    reads.push(ids);
    return ids.map((id) => (id === 'id-7' ? 'damaged' : text));
  };
  const kept = new KeptResults({ read } as Partial<GitStore> as GitStore);
  const files = Array.from({ length: 45 }, (_, index) => ({
    path: `reports/2026/2026-01-${String(index).padStart(2, '0')}/result.json`,
    id: `id-${index}`,
  }));
  const runs = await kept.newest(files);
  await kept.newest(files);

  expect(reads.map(({ length }) => length)).toEqual([20, 20, 5]);
  expect(runs.map(({ folder }) => folder)).toEqual(
    files.map(({ path }) => path.replace('/result.json', '')).reverse(),
  );
  expect(runs.filter(({ result }) => result === null).map(({ folder }) => folder)).toEqual([
    'reports/2026/2026-01-07',
  ]);
});
