import { describe, expect, it } from 'vitest';
import type { Invocation } from '../model.ts';
import { Records } from './records.ts';

const record = (requestId: string, environmentId = 'e'): Invocation => ({
  ...{ requestId, variant: 'a', environmentId, timeMs: 0, status: 'success', errorType: null },
  ...{ durationMs: 1, billedDurationMs: 1, initDurationMs: null, memorySizeMb: 128, maxMemoryUsedMb: 40 },
  cpuMs: null,
});

/** Records `r0`, `r1`, ..., and how many of them were read. */
function numbered(count: number) {
  const seen = { read: 0 };
  const source = {
    *[Symbol.iterator]() {
      for (; seen.read < count; seen.read++) yield record(`r${seen.read}`);
    },
  };
  return { seen, source };
}

describe('records', () => {
  it('are read no further ahead than the window, and forgotten behind it', () => {
    const { seen, source } = numbered(10_000);
    const records = new Records(source, 100);
    for (let i = 0; i < 5000; i++) {
      expect(records.take(`r${i}`)?.invocation.requestId).toBe(`r${i}`);
      expect(seen.read).toBeLessThanOrEqual(i + 101);
    }
    expect(records.take('r4950')).not.toBeNull();
    expect(records.take('r4000')).toBeNull();
    expect(records.untaken()).toBe(5000);
  });

  it('are found however many requests in between have none, and however many records nobody asked for', () => {
    const { source } = numbered(3000);
    const records = new Records(source, 100);
    for (let i = 0; i < 1000; i++) expect(records.take('none')).toBeNull();
    for (let i = 0; i < 3000; i += 3) expect(records.take(`r${i}`), `r${i}`).not.toBeNull();
    expect(records.untaken()).toBe(2000);
  });

  it('are found when they are out of order by less than the window', () => {
    const shuffled = Array.from({ length: 1024 }, (_, at) => record(`r${at ^ 63}`));
    const records = new Records(shuffled, 100);
    for (let i = 0; i < 1024; i++) expect(records.take(`r${i}`), `r${i}`).not.toBeNull();
    expect(records.untaken()).toBe(0);
  });

  it('are counted by environment, and told when they came twice', () => {
    const records = new Records([record('a'), record('b', 'f'), record('c'), record('a')]);
    expect([records.take('a')?.nth, records.take('b')?.nth, records.take('c')?.nth]).toEqual([1, 1, 2]);
    expect([records.untaken(), records.duplicates]).toEqual([0, 1]);
  });
});
