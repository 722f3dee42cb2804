import { afterEach, expect, it, vi } from 'vitest';
import type { Journal } from './journal.ts';
import { Recorder } from './recorder.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Warnings of a generator whose output came at these times, ms. */
function warningsAfter(...times: number[]) {
  const recorder = new Recorder({ flush() {} } as unknown as Journal);
  for (const time of times) {
    vi.spyOn(performance, 'now').mockReturnValue(time);
    recorder.push(Buffer.from('vus,1000000,1.000000,,,\n'));
  }
  return recorder.warnings();
}

it('warns of a generator that stood still, for it sent late what was due then', () => {
  expect(warningsAfter(0, 1000, 4900, 5900)).toEqual([
    expect.objectContaining({ code: 'generator-stood-still', data: { ms: 3900 } }),
  ]);
});

it('ends a load of errors, with all of them written down', () => {
  const rows: string[] = [];
  const journal = { flush() {}, row: (line: Buffer) => rows.push(String(line)) };
  const recorder = new Recorder(journal as unknown as Journal);
  const row = 'client,1000000,1.000000,0_measured_a,,request=502|id|||\n';
  recorder.push(Buffer.from(row.repeat(499)));
  expect(() => recorder.push(Buffer.from(row))).toThrow('The last 500 requests to variant "a" all failed');
  expect(rows).toHaveLength(500);
});

it('says nothing of one that hands its output on once a second, more or less', () => {
  expect(warningsAfter(0, 1000, 2600, 3100)).toEqual([]);
});
