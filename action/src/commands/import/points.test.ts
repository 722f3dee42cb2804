import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClientSeries } from './client-series.ts';
import { CsvPoints } from './csv-points.ts';
import { instantOf, unixTimeOf } from './instant.ts';
import { JsonPoints } from './json-points.ts';
import { readOutput } from './read-output.ts';
import { runsApart } from './runs-apart.ts';

const AT = '2026-11-24T10:00:00.250Z';
const MS = Date.UTC(2026, 10, 24, 10, 0, 0, 250);
const point = (value: string, time = AT, metric = 'http_req_duration') =>
  `{"metric":"${metric}","type":"Point","data":{"time":"${time}","value":${value},"tags":{"status":"200"}}}`;
/** Keys in the order of older versions. */
const oldPoint = (value: string, time = `"${AT}"`, metric = 'http_req_duration') =>
  `{"type":"Point","metric":"${metric}","data":{"value":${value},"time":${time},"tags":{"status":"200"}}}`;

function read(kind: typeof JsonPoints | typeof CsvPoints, ...lines: string[]) {
  const requests: [number, number, boolean][] = [];
  const dropped: [number, number][] = [];
  const scenarios: string[] = [];
  const reader = new kind({
    request: (endMs, clientMs, succeeded, scenario) => {
      requests.push([endMs, clientMs, succeeded]);
      scenarios.push(scenario);
    },
    dropped: (endMs, count, scenario) => {
      dropped.push([endMs, count]);
      scenarios.push(scenario);
    },
  });
  reader.push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return { requests, dropped, scenarios, unreadable: reader.unreadable };
}

describe("k6's JSON", () => {
  it('is read in either order of its keys', () => {
    const requests = [
      [MS, 1.5, true],
      [MS, 1.5, true],
    ];
    expect(read(JsonPoints, point('1.5'), oldPoint('1.5'))).toMatchObject({
      ...{ requests, dropped: [], unreadable: 0 },
    });
  });

  it.each([
    ['a value that is empty', point('')],
    ['a value that is a blank', point(' ')],
    ['a value in hexadecimal', point('0x1f')],
    ['a value that is a text', oldPoint('"1.5"')],
    ['a value that is null', oldPoint('null')],
    ['a value that is a list', oldPoint('[]')],
    ['a time that is one digit', point('1', '5')],
    ['a time cut short', point('1', '2026-11-24T10:00')],
    ['two fractions', point('1', '2026-11-24T10:00:00.1.5Z')],
    ['a fraction without digits', point('1', '2026-11-24T10:00:00.Z')],
    ['a time that is a number', oldPoint('1', '5')],
    ['a time that cannot be made text', oldPoint('1', '{"toString":1}')],
    ['a time before the epoch', point('1', '1026-11-24T10:00:00Z')],
    ['half a dropped request', point('1.5', AT, 'dropped_iterations')],
    ['half a dropped request of an older version', oldPoint('1.5', `"${AT}"`, 'dropped_iterations')],
    ['data that is null', '{"type":"Point","metric":"http_req_duration","data":null}'],
    ['a type that k6 does not write', '{"type":"Pint","metric":"http_req_duration","data":{}}'],
  ])('with %s is counted as unreadable, not taken for a request', (_, line) => {
    expect(read(JsonPoints, line)).toMatchObject({ requests: [], dropped: [], unreadable: 1 });
  });
});

describe('samples of another layout in JSON', () => {
  const data = `{"time":"${AT}","value":1.5,"tags":{"status":"200"}}`;

  it.each([
    ['with their type at the end', `{"metric":"http_req_duration","data":${data},"type":"Point"}`],
    [
      'with their value before their time',
      `{"metric":"http_req_duration","type":"Point","data":{"value":1.5,"time":"${AT}","tags":{"status":"200"}}}`,
    ],
  ])('are read %s', (_, line) => {
    expect(read(JsonPoints, line)).toMatchObject({ requests: [[MS, 1.5, true]], unreadable: 0 });
  });

  it('are nothing to us where they are of a metric of the script, or of another of k6', () => {
    const lines = ['mine', 'http_req_duration_mine', 'http_reqs', 'vus'].map((name) => point('1', AT, name));
    expect(read(JsonPoints, ...lines)).toMatchObject({ requests: [], dropped: [], unreadable: 0 });
  });

  it('are unreadable where their line is cut short, whatever their metric, and so are empty lines', () => {
    const lines = ['http_req_duration', 'http_reqs', 'mine'].map((name) => point('1', AT, name).slice(0, -3));
    expect(read(JsonPoints, ...lines, '', point('1'), '')).toMatchObject({
      requests: [[MS, 1, true]],
      unreadable: 5,
    });
  });
});

describe("k6's CSV", () => {
  const HEADER = 'metric_name,timestamp,metric_value,status';

  it.each([['1795516008'], ['1795516008000'], ['1795516008000000'], ['1795516008000000000']])(
    'is read with the time %s',
    (time) => {
      const { requests } = read(CsvPoints, HEADER, `http_req_duration,${time},1.5,200`);
      expect(requests).toEqual([[1_795_516_008_000, 1.5, true]]);
    },
  );

  it.each([
    ['a time that is one digit', 'http_req_duration,5,1.5,200'],
    ['a time with a fraction', 'http_req_duration,1795516.00,1.5,200'],
    ['a word for a time', 'http_req_duration,May 5,1.5,200'],
    ['half a dropped request', 'dropped_iterations,1795516008,1.5,'],
  ])('with %s is counted as unreadable, not taken for a request', (_, line) => {
    expect(read(CsvPoints, HEADER, line)).toMatchObject({ requests: [], dropped: [], unreadable: 1 });
  });
});

it('a time is RFC 3339 or a Unix time, and nothing else', () => {
  expect([instantOf('2026-11-24T11:00:00.250+01:00'), instantOf(AT)]).toEqual([MS, MS]);
  expect(['', '5', 'Nov 24 2026', '2026-11-24', '2026-99-24T10:00:00Z'].map(instantOf)).toEqual(
    Array(5).fill(Number.NaN),
  );
  expect(['', '17955160', '1795516008.0', '-795516008'].map(unixTimeOf)).toEqual(Array(4).fill(Number.NaN));
});

it('refuses a run with one request of another century instead of making minutes of all between', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duel-points-'));
  const file = join(folder, 'k6.json');
  writeFileSync(file, `${point('1')}\n${point('1', '2096-01-01T00:00:00Z')}\n`);
  await expect(readOutput(file, null, new AbortController().signal)).rejects.toThrow(/31 days/);
  rmSync(folder, { recursive: true });
});

it('refuses a CSV file without the line that names its columns', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duel-points-'));
  const file = join(folder, 'k6.csv');
  writeFileSync(file, 'http_reqs,1795516008,1,200\nhttp_req_duration,1795516008,1.5,200\n');
  await expect(readOutput(file, 'csv', new AbortController().signal)).rejects.toThrow(/names its columns/);
  rmSync(folder, { recursive: true });
});

/** Runs of these lengths, ms. */
function runsOf(...lengths: number[]) {
  return lengths.map((lengthMs, at) => {
    const series = new ClientSeries();
    series.request(MS, 1, true);
    series.request(MS + lengthMs, 1, true);
    const file = { file: 'a', format: 'json', bytes: 1, unreadable: 0, cutShort: false } as const;
    return { ...file, series, scenarios: new Map(), variant: `run-${at}` };
  });
}

const HOUR_MS = 3_600_000;

it.each([
  ['of a month against one of seconds', 10_000, 720 * HOUR_MS],
  ['of twenty minutes against one of 45 seconds', 45_000, HOUR_MS / 3],
])('refuses to cut a run %s into blocks that suit the shorter one', (_, shorter, longer) => {
  expect(() => runsApart(runsOf(shorter, longer))).toThrow(/One run lasted \d+ s and the other \d+ s/);
});

it('cuts a run of days into as many blocks of whole minutes as can be compared', () => {
  for (const hours of [2, 17, 744]) {
    const { slots, slotSeconds } = runsApart(runsOf(hours * HOUR_MS));
    expect(slots.length).toBeLessThanOrEqual(1000);
    expect(slotSeconds % 60).toBe(0);
    expect(slots.length * slotSeconds).toBeGreaterThan(hours * 3600 - slotSeconds);
  }
  expect(runsApart(runsOf(2 * HOUR_MS)).slotSeconds).toBe(60);
});

describe('the scenario of a request', () => {
  const tagged = (metric: string, scenario: string) =>
    `{"metric":"${metric}","type":"Point","data":{"time":"${AT}","value":1,"tags":{"expected_response":"true","scenario":"${scenario}","status":"200"}}}`;
  const old = (scenario: string) =>
    `{"type":"Point","metric":"http_req_duration","data":{"time":"${AT}","value":1,"tags":{"status":"200","scenario":"${scenario}"}}}`;

  it('is read from JSON, whatever the order of its keys, and is none where none is told', () => {
    const lines = [
      ...[tagged('http_req_duration', 'one'), tagged('http_req_duration', 'two'), old('two')],
      ...[tagged('dropped_iterations', 'one'), point('1')],
    ];
    expect(read(JsonPoints, ...lines).scenarios).toEqual(['one', 'two', 'two', 'one', '']);
  });

  it('is warned of where there are several, and not for requests of setup, which have none', () => {
    const codes = (...names: string[]) => {
      const [run] = runsOf(60_000);
      const scenarios = new Map(names.map((name) => [name, run!.series]));
      return runsApart([{ ...run!, scenarios }]).warnings.map(({ code }) => code);
    };
    expect(codes('rust', 'python')).toEqual(['scenarios-pooled']);
    expect(codes('default', '')).toEqual([]);
  });
});
