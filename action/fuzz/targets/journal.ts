/** The journal of a run that was killed, or of a shard that came from another machine. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { profileNamed } from '../../src/config/profiles.ts';
import { Journal } from '../../src/load/journal.ts';
import { Recorder } from '../../src/load/recorder.ts';
import { replay, type Standing } from '../../src/load/replay.ts';
import { schedule } from '../../src/load/schedule.ts';
import type { Built, Invocation, Variant } from '../../src/model.ts';
import { type Header, journalResult } from '../../src/partial.ts';
import { parseResult, serialize } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { provenance } from '../../test/fixtures/result-builder.ts';
import { chunked, cuts, damagedText } from '../damage.ts';
import { damagedJson } from '../damage-json.ts';
import { must, orRefusal, type Target, target } from '../target.ts';
import { isSound, rowOf, rows } from './generator.ts';

const START_MS = 1_795_516_000_000;
const NAMES = ['a', 'b'];
const profile = { ...profileNamed('smoke', 2), blocks: 4, rate: 10 };
const slots = schedule(profile, NAMES, 10, 1);

const variants = NAMES.map(
  (name): Variant => ({
    ...{
      name,
      source: '/a',
      build: 'zip',
      runtime: 'provided.al2023',
      handler: 'bootstrap',
      architecture: 'x86_64',
    },
    ...{ memoryMb: 1769, timeoutSeconds: 10, environment: {} },
  }),
);
const built: Built = {
  config: {
    ...{
      root: '/',
      file: { path: 'benchmark.yml', sha256: '' },
      baseRef: null,
      earlyStop: false,
      shard: null,
      seed: 7,
      outDir: '/out',
      coldShare: 0,
    },
    ...{ region: 'us-east-1', variants, pairs: [{ base: 'a', head: 'b' }], profile },
  },
  artifacts: variants.map((variant, index) => ({
    ...{
      variant,
      path: '/a.zip',
      sha256: `${index}`.repeat(64),
      zippedBytes: 1,
      unzippedBytes: 1,
      buildSeconds: 1,
    },
    ...{ reused: false, tools: {}, flags: [] },
  })),
  base: null,
};
const HEADER: Header = {
  built,
  target: { kind: 'scripted', label: 'scripted', region: null, limits: 'none', tools: {}, warnings: [] },
  provenance: provenance(),
  warnings: [],
};
const STANDING: Standing = {
  ...{ slots, stoppedAtLook: null, startMs: START_MS, endMs: START_MS + slots.at(-1)!.endMs + 2000 },
  rateChoice: { rate: 10, by: 'config', pilotMs: {}, reason: 'as given' },
  ...{ unreadableLines: 0, warnings: [], cpuBusy: 0.5 },
};

/** Twenty requests a slot, answered by one environment. */
const REQUESTS = slots.flatMap((slot) =>
  Array.from({ length: 20 }, (_, nth) => ({
    scenario: `${slot.block}_measured_${slot.variant}`,
    ...{ timeUs: (START_MS + slot.measureMs + nth * 50) * 1000, micros: 5_000_000 + nth, status: 200 },
    ...{ requestId: `${slot.block}-${slot.variant}-${nth}`, timing: 's3;dur=1, ddb;dur=1, total;dur=3' },
  })),
);
const RECORDS = REQUESTS.map(
  ({ requestId, timeUs }, nth): Invocation => ({
    ...{
      requestId,
      variant: requestId.split('-')[1]!,
      environmentId: 'env-1',
      timeMs: timeUs / 1000,
      status: 'success',
    },
    ...{
      errorType: null,
      durationMs: 4 + nth / 1000,
      billedDurationMs: 5,
      initDurationMs: null,
      memorySizeMb: 1769,
    },
    ...{ maxMemoryUsedMb: 30, cpuMs: 1 },
  }),
);
const SAMPLES = Buffer.from(REQUESTS.map((request) => `${rowOf(request)}\n`).join(''));

export function journalTargets(folder: string): Target[] {
  const place = join(folder, 'journal');
  write(place);
  const whole = Object.fromEntries(
    FILES.map((name) => [name, readFileSync(join(place, name), 'utf8')]),
  ) as Files;
  return [
    target(
      'journal',
      60,
      fc.oneof(...FILES.map((name) => damagedFile(name, whole[name]))),
      async ([name, text]) => {
        for (const each of FILES) writeFileSync(join(place, each), each === name ? text : whole[each]);
        const result = await orRefusal(() => journalResult(place));
        if (result !== null) renderMarkdown(parseResult(serialize(result)));
      },
    ),
    target('journal-round-trip', 60, fc.tuple(rows(), cuts()), async ([lines, cutsAt]) => {
      using journal = new Journal(join(folder, 'live'));
      const recorder = new Recorder(journal);
      const bytes = Buffer.concat([SAMPLES, Buffer.from(`${lines.join('\n')}\n`)]);
      const heard = await orRefusal(() => {
        for (const chunk of chunked(bytes, cutsAt)) recorder.push(chunk);
        return true;
      });
      if (heard === null) return;
      journal.header(HEADER);
      journal.records(RECORDS);
      journal.standing(STANDING);
      const { run, invocations } = replay(journal.folder);
      const samples = [...run.samples];
      for (const sample of samples) isSound(sample);
      must(samples.length >= REQUESTS.length, 'what was heard is written down');
      must(
        JSON.stringify([...invocations]) === JSON.stringify(RECORDS),
        'records are read as they were written',
      );
      must(
        JSON.stringify([...run.dropped]) === JSON.stringify([...recorder.dropped]),
        'drops are read as they were heard',
      );
      journal.supersede();
    }),
  ];
}

const FILES = ['run.json', 'load.json', 'samples.csv', 'records.ndjson'] as const;
type Files = Record<(typeof FILES)[number], string>;

function damagedFile(name: keyof Files, text: string): fc.Arbitrary<[keyof Files, string]> {
  const trees = name.endsWith('.json')
    ? [damagedJson(fc.constant(JSON.parse(text))).map((tree) => JSON.stringify(tree) ?? '')]
    : [];
  return fc.oneof(damagedText(fc.constant(text)), ...trees).map((damaged) => [name, damaged]);
}

function write(place: string): void {
  using journal = new Journal(place);
  new Recorder(journal).push(SAMPLES);
  journal.header(HEADER);
  journal.records(RECORDS);
  journal.standing(STANDING);
}
