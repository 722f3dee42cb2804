import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { headerOf } from '../journal-header.ts';
import type { Invocation } from '../model.ts';
import { Journal } from './journal.ts';
import { recordOf } from './journal-schema.ts';
import { replay, type Standing } from './replay.ts';

const RECORD: Invocation = {
  ...{ requestId: 'r', variant: 'a', environmentId: 'e', timeMs: 1, status: 'success', errorType: null },
  ...{
    durationMs: 1,
    billedDurationMs: 1,
    initDurationMs: null,
    memorySizeMb: 128,
    maxMemoryUsedMb: 1,
    cpuMs: null,
  },
};
const TIMES = { startMs: 0, measureMs: 300, endMs: 2500, measuredMs: 1100 };
const SLOT = { block: 0, position: 0, variant: 'a', ...TIMES, rate: 10 };
const STANDING: Standing = {
  ...{
    slots: [SLOT],
    stoppedAtLook: null,
    startMs: 1,
    endMs: 3000,
    unreadableLines: 0,
    warnings: [],
    cpuBusy: null,
  },
  rateChoice: { rate: 10, by: 'config', pilotMs: {}, reason: 'given' },
};

describe('a record', () => {
  it('is read as it was written', () => expect(recordOf(JSON.stringify(RECORD))).toEqual(RECORD));

  it.each([
    ['is cut', JSON.stringify(RECORD).slice(0, 50)],
    ['is zeros, as a crash leaves them', '\0'.repeat(40)],
    ['is null', 'null'],
    ['lacks its id', JSON.stringify({ ...RECORD, requestId: undefined })],
    ['took negative time', JSON.stringify({ ...RECORD, durationMs: -1 })],
    ['took text', JSON.stringify({ ...RECORD, durationMs: '1' })],
    ['took no number', JSON.stringify({ ...RECORD, durationMs: Number.NaN })],
    ['has another status', JSON.stringify({ ...RECORD, status: 'great' })],
  ])('that %s is none', (_, line) => expect(recordOf(line)).toBeNull());
});

describe('a journal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duel-journal-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    using journal = new Journal(folder);
    journal.header({});
    journal.records([RECORD]);
    journal.standing(STANDING);
  });

  it('has the warnings that came after its header was first written', () => {
    const own = join(folder, 'warned');
    using journal = new Journal(own);
    const warnings: string[] = [];
    journal.header({ warnings });
    warnings.push('a server died');
    journal.standing(STANDING);
    expect(replay(own).header).toEqual({ warnings: ['a server died'] });
  });

  it('with a damaged record in it keeps the others', () => {
    appendFileSync(
      join(folder, 'records.ndjson'),
      `${'\0'.repeat(9)}\n${JSON.stringify({ ...RECORD, requestId: 's' })}\n`,
    );
    expect([...replay(folder).invocations].map(({ requestId }) => requestId)).toEqual(['r', 's']);
  });

  it.each([
    ['says nothing of how the load stands', 'load.json', '{}'],
    ['has no slots', 'load.json', '{"slots":[]}'],
    [
      'has a slot that never ends',
      'load.json',
      JSON.stringify({ ...STANDING, slots: [{ ...SLOT, endMs: 5e20 }] }),
    ],
    [
      'leaves out a position',
      'load.json',
      JSON.stringify({ ...STANDING, slots: [{ ...SLOT, position: 1 }] }),
    ],
    ['goes back in time', 'load.json', JSON.stringify({ ...STANDING, slots: [{ ...SLOT, endMs: 200 }] })],
    [
      'measured a variant for longer than its block lasts',
      'load.json',
      JSON.stringify({ ...STANDING, slots: [{ ...SLOT, measuredMs: 2201 }] }),
    ],
    [
      'begins a block before the one before it is over',
      'load.json',
      JSON.stringify({ ...STANDING, slots: [SLOT, { ...SLOT, block: 1, startMs: 2499 }] }),
    ],
    ['is not JSON', 'load.json', '{"slots":'],
  ])('that %s is refused', (_, name, text) => {
    writeFileSync(join(folder, name), text);
    expect(() => replay(folder)).toThrow(ConfigError);
  });

  it('that lost a file is refused', () => {
    rmSync(join(folder, 'samples.csv'));
    expect(() => replay(folder)).toThrow(ConfigError);
  });
});

it.each([[{}], [null], [{ built: { config: { variants: 'many' } } }]])(
  'takes %j for no header of a run',
  (value) => {
    expect(() => headerOf(value)).toThrow(ConfigError);
  },
);
