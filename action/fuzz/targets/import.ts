/** Outputs of k6 that a person gives to `npm run import`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isLaidOutByUs } from '../../src/commands/import/by-scenario.ts';
import { CsvPoints } from '../../src/commands/import/csv-points.ts';
import { importResult, type NamedImport } from '../../src/commands/import/import-result.ts';
import { JsonPoints } from '../../src/commands/import/json-points.ts';
import { oneLoad, variantsIn } from '../../src/commands/import/one-load.ts';
import { readOutput } from '../../src/commands/import/read-output.ts';
import { runsApart } from '../../src/commands/import/runs-apart.ts';
import type { LineReader } from '../../src/load/lines.ts';
import { parseResult, serialize } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { chunked, cuts, damagedBytes, damagedText } from '../damage.ts';
import { must, orRefusal, type Target, target } from '../target.ts';

interface Point {
  readonly timeMs: number;
  readonly value: number;
  readonly ok: boolean;
}

const YEAR_MS = 31_536_000_000;
/** Most of one run; some of another century, as a damaged digit makes them. */
const times = () =>
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1.79e12, max: 1.79e12 + 600_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 100 * YEAR_MS }) },
  );
const points = (): fc.Arbitrary<Point> =>
  fc.record({
    timeMs: times(),
    value: fc.oneof(fc.double({ min: 0, max: 60_000, noNaN: true }), fc.nat(9)),
    ok: fc.boolean(),
  });

function jsonLine({ timeMs, value, ok }: Point): string {
  const tags = { expected_response: String(ok), status: ok ? '200' : '500', url: 'http://a/' };
  const data = { time: new Date(timeMs).toISOString(), value, tags };
  return JSON.stringify({ metric: 'http_req_duration', type: 'Point', data });
}

const CSV_HEADER = 'metric_name,timestamp,metric_value,expected_response,scenario,status,extra_tags';
const csvLine = ({ timeMs, value, ok }: Point) =>
  `http_req_duration,${timeMs},${value.toFixed(6)},${ok},${timeMs % 4}_measured_${ok ? 'a' : 'b'},${ok ? 200 : 500},`;

const OTHER_JSON = [
  '{"type":"Metric","data":{"name":"http_reqs"},"metric":"http_reqs"}',
  '{"metric":"vus","type":"Point","data":{"time":"2026-11-24T10:00:00Z","value":1,"tags":{}}}',
  '{"type":"Point","metric":"http_req_duration","data":{"value":"","time":"2026-11-24T10:00:00Z"}}',
  '{"metric":"http_req_duration","type":"Point","data":{"time":"5","value":1,"tags":{}}}',
  '{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-24T10:00:00Z","value":1.5,"tags":{}}}',
];

const lines = (line: (point: Point) => string, others: readonly string[]) =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: points().map(line) },
      { weight: 1, arbitrary: damagedText(fc.constantFrom(...others)) },
      { weight: 3, arbitrary: damagedText(points().map(line)) },
    ),
    { maxLength: 12 },
  );

const jsonText = () => lines(jsonLine, OTHER_JSON).map((all) => all.map((line) => `${line}\n`).join(''));
const csvText = () =>
  fc
    .tuple(
      damagedText(fc.constant(CSV_HEADER), [',', 'status']),
      fc.boolean(),
      lines(csvLine, ['dropped_iterations,1795516008,1.5,,,,', 'vus,1,1,,,,']),
    )
    .map(([header, damaged, all]) =>
      [damaged ? header : CSV_HEADER, ...all].map((line) => `${line}\n`).join(''),
    );

export function importTargets(folder: string): Target[] {
  return [
    target('k6-json', 300, fc.tuple(jsonText(), cuts()), (input) =>
      sameHoweverCut(input, (sink) => new JsonPoints(sink)),
    ),
    target('k6-full-csv', 300, fc.tuple(csvText(), cuts()), (input) =>
      sameHoweverCut(input, (sink) => new CsvPoints(sink)),
    ),
    target('k6-json-whole-lines', 200, fc.array(points(), { maxLength: 8 }), (given) => {
      const { found, unreadable } = read(
        [Buffer.from(given.map((one) => `${jsonLine(one)}\n`).join(''))],
        (sink) => new JsonPoints(sink),
      );
      must(unreadable === 0, 'whole lines are read');
      must(
        JSON.stringify(found) === JSON.stringify(given.map((one) => [one.timeMs, one.value, one.ok])),
        'as they are',
      );
    }),
    target('import', 60, importedFile(), async (bytes) => {
      const file = join(folder, 'k6.out');
      writeFileSync(file, bytes);
      const imported = await orRefusal(() => readOutput(file, null, new AbortController().signal));
      if (imported === null || imported.series.requests === 0) return;
      const result = await orRefusal(() =>
        importResult(laidOut({ ...imported, variant: 'run' }), new Date(0)),
      );
      if (result !== null) renderMarkdown(parseResult(serialize(result)));
    }),
  ];
}

/** As `npm run import` does it. */
function laidOut(imported: NamedImport) {
  if (!isLaidOutByUs(imported.scenarios)) return runsApart([imported]);
  return oneLoad([imported], variantsIn([imported])[0]!);
}

const importedFile = (): fc.Arbitrary<Buffer> => {
  const plain = fc.oneof(jsonText(), csvText()).map((text) => Buffer.from(text));
  return fc.oneof(plain, damagedBytes(plain), damagedBytes(plain.map((bytes) => gzipSync(bytes))));
};

type Found = [number, number, boolean];
interface Reading {
  readonly found: Found[];
  readonly dropped: [number, number][];
  readonly unreadable: number;
}
type Make = (sink: ConstructorParameters<typeof JsonPoints>[0]) => LineReader;

function read(chunks: readonly Buffer[], make: Make): Reading {
  const found: Found[] = [];
  const dropped: [number, number][] = [];
  const reader = make({
    request: (endMs, clientMs, succeeded) => void found.push([endMs, clientMs, succeeded]),
    dropped: (endMs, count) => void dropped.push([endMs, count]),
  });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { found, dropped, unreadable: reader.unreadable };
}

/** Four digits are a year's. */
const LATEST_MS = Date.UTC(10_000, 0);

function sameHoweverCut([text, cutsAt]: [string, number[]], make: Make): void {
  const bytes = Buffer.from(text);
  const { found, dropped, unreadable } = read([bytes], make);
  const parts = read(chunked(bytes, cutsAt), make);
  must(JSON.stringify(parts) === JSON.stringify({ found, dropped, unreadable }), 'chunks change nothing');
  must(found.length + dropped.length + unreadable <= text.split('\n').length, 'no line counts twice');
  must(
    found.length + dropped.length <= text.split('\n').filter(tellsOfOne).length,
    'a damaged line is no request',
  );
  for (const [ms, value] of [...found, ...dropped]) {
    must(ms >= 0 && ms < LATEST_MS, 'a time is one of ours');
    must(Number.isFinite(value) && value >= 0, 'a latency or a count is finite');
  }
  for (const [, count] of dropped) must(Number.isInteger(count), 'requests are dropped whole');
}

const RFC3339 = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)`;
const JSON_TIME = new RegExp(`"time":\\s*"${RFC3339}"`);
const JSON_VALUE = /"value":\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*[,}]/;
const CSV_LINE = new RegExp(
  String.raw`^(?:http_req_duration|dropped_iterations),(?:\d{10}(?:\d{3}){0,3}|"?${RFC3339}"?),\d+(?:\.\d+)?,`,
);

/** Has a time and a value, whatever else of it is damaged. */
function tellsOfOne(line: string): boolean {
  return (JSON_TIME.test(line) && JSON_VALUE.test(line)) || CSV_LINE.test(line);
}
