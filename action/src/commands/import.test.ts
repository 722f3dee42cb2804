import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../progress.ts';
import { parseResult } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Result } from '../result.ts';
import { ensureTools } from '../tools/tools.ts';
import { main } from './import.ts';

const folder = mkdtempSync(join(tmpdir(), 'duel-import-test-'));
let server: Server;

/** Ten requests a second; every fifth fails. What k6 wrote is beside it as JSON and as CSV. */
async function runK6(name: string, delayMs: number): Promise<void> {
  const script = join(folder, 'script.js');
  writeFileSync(
    script,
    `import http from 'k6/http';
     export const options = { scenarios: { s: {
       executor: 'constant-arrival-rate', rate: 20, duration: '9s', preAllocatedVUs: 4, maxVUs: 4 } } };
     export default function () { http.get(__ENV.URL + (__ITER % 5 === 4 ? 'bad' : '')); }`,
  );
  const cacheDir = join(import.meta.dirname, '../../../.cache');
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${delayMs}/`;
  const outs = ['json', 'csv'].flatMap((format) => ['--out', `${format}=${join(folder, name)}.${format}`]);
  await execa(k6, ['run', '--quiet', ...outs, script], {
    env: { URL: url, K6_NO_USAGE_REPORT: 'true', K6_CSV_TIME_FORMAT: 'unix_micro' },
  });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, delayMs, path] = request.url!.split('/');
    setTimeout(() => response.writeHead(path === 'bad' ? 502 : 200).end('ok'), Number(delayMs));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await runK6('quick', 2);
  await runK6('slow', 40);
}, 120_000);

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
let runs = 0;

async function imported(...argv: string[]): Promise<{ code: number; result: Result; report: string }> {
  const out = at(`out-${++runs}`);
  const code = await main([...argv, '--out', out], { cwd: folder });
  const result = parseResult(readFileSync(join(out, 'result.json'), 'utf8'));
  return { code, result, report: readFileSync(join(out, 'report.md'), 'utf8') };
}

/** The same counted with JSON.parse, line by line. */
function naive(file: string) {
  const lines = readFileSync(at(file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const points = lines.filter(({ type, metric }) => type === 'Point' && metric === 'http_req_duration');
  const failed = points.filter(({ data }) => data.tags.expected_response !== 'true');
  const values = points
    .filter(({ data }) => data.tags.expected_response === 'true')
    .map(({ data }) => data.value);
  return { requests: points.length, errors: failed.length, values: values.sort((a, b) => a - b) as number[] };
}

describe('npm run import', () => {
  it('makes a result of what k6 wrote as JSON, with every request in it and nothing that k6 does not tell', async () => {
    const { code, result, report } = await imported('quick.json');
    const [variant] = result.variants;
    const { requests, errors, values } = naive('quick.json');
    expect(code).toBe(0);
    expect(requests).toBeGreaterThan(50);
    expect(variant).toMatchObject({ name: 'quick', requests, errors, warmRequests: requests - errors });
    const p50 = variant!.summaries.find(({ metric }) => metric === 'client.p50')!.value!;
    expect(p50).toBeGreaterThanOrEqual(values[Math.floor((values.length - 1) / 2)]! - 1e-4);
    expect(p50).toBeLessThanOrEqual(values[Math.ceil((values.length - 1) / 2)]! + 1e-4);
    expect(variant).toMatchObject({
      artifact: null,
      memoryMb: null,
      build: null,
      runtime: null,
      cost: null,
      attribution: null,
    });
    expect(result.provenance).toMatchObject({ commit: null, machine: null, target: { kind: 'import' } });
    expect(report).toBe(renderMarkdown(result));
    expect(report).toContain('What cannot be known');
    expect(report).not.toMatch(/Artefacts|Cost per million|Cold starts\n|## Memory|seeded coin/);
  });

  it('reads the same from JSON, CSV and gzip', async () => {
    writeFileSync(at('quick.json.gz'), gzipSync(readFileSync(at('quick.json'))));
    writeFileSync(at('quick.csv.gz'), gzipSync(readFileSync(at('quick.csv'))));
    const [json, ...others] = await Promise.all(
      ['quick.json', 'quick.json.gz', 'quick.csv', 'quick.csv.gz'].map((file) => imported(file)),
    );
    for (const { result } of others) {
      expect(result.variants).toEqual(json!.result.variants);
      expect(result.warnings).toEqual(json!.result.warnings);
    }
  });

  it('compares two runs block by block and warns that they were not interleaved', async () => {
    const { result, report } = await imported('slow.json', '--against', 'quick.csv');
    const [pair] = result.pairs;
    expect(pair).toMatchObject({ base: 'quick', head: 'slow', control: false });
    const p50 = pair!.comparisons.find(({ metric }) => metric === 'client.p50')!;
    expect(p50.n).toBeGreaterThan(0);
    expect(p50.estimate).toBeGreaterThan(0);
    expect(result.warnings.map(({ code }) => code)).toContain('not-interleaved');
    expect(report).toContain('were not interleaved');
    expect(
      pair!.comparisons.map(({ metric }) => metric).every((metric) => metric.startsWith('client.')),
    ).toBe(true);
  });

  it('counts damaged lines, tells them, and reads the rest', async () => {
    const lines = readFileSync(at('quick.json'), 'utf8').split('\n');
    const points = lines.filter((line) => line.includes('"http_req_duration","type":"Point"'));
    const damaged = [
      ...points.map((line) => `${line}\r`),
      points[0]!.slice(0, -20),
      points[0]!.replace(/"value":[\d.]+/, '"value":fast'),
      points[0]!.replace(/"time":"[^"]*"/, '"time":"yesterday"'),
      'rubbish',
      '{"a":1}',
      'x'.repeat(2_000_000),
    ];
    writeFileSync(at('damaged.json'), `${damaged.join('\n')}\n{"metric":"http_re`);
    const { result } = await imported('damaged.json', '--format', 'json');
    expect(result.variants[0]!.requests).toBe(points.length);
    expect(result.provenance.imports[0]).toMatchObject({ unreadableLines: 7 });
    const told = result.warnings.find(({ code }) => code === 'unreadable-lines');
    expect(told?.data).toEqual({ file: 'damaged.json', lines: 7 });
  });

  it('reads samples whose keys are in another order, as older versions write them', async () => {
    const lines = readFileSync(at('quick.json'), 'utf8').trimEnd().split('\n');
    const older = lines.map((line) => {
      const { metric, type, data } = JSON.parse(line);
      return JSON.stringify({ type, data, metric });
    });
    writeFileSync(at('older.json'), `${older.join('\n')}\n`);
    const [a, b] = await Promise.all([imported('quick.json'), imported('older.json')]);
    const { name: _, ...known } = a.result.variants[0]!;
    expect(b.result.variants[0]).toMatchObject({ requests: known.requests, errors: known.errors });
    expect(b.result.provenance.imports[0]!.unreadableLines).toBe(0);
  });

  it('says that a compressed file was cut short', async () => {
    const whole = gzipSync(readFileSync(at('quick.json')), { level: 0 });
    writeFileSync(at('cut.json.gz'), whole.subarray(0, Math.floor(whole.length / 2)));
    const { result } = await imported('cut.json.gz');
    expect(result.warnings.map(({ code }) => code)).toContain('file-cut-short');
    expect(result.variants[0]!.requests).toBeGreaterThan(10);
  });

  it('refuses what holds no request, with a remedy', async () => {
    writeFileSync(at('summary.json'), '{"metrics":{}}\n');
    expect(await main(['summary.json', '--out', at('none')], { cwd: folder })).toBe(2);
    expect(await main(['missing.json'], { cwd: folder })).toBe(2);
    expect(await main(['quick.json', 'slow.json'], { cwd: folder })).toBe(2);
    expect(await main(['quick.json', '--format', 'xml'], { cwd: folder })).toBe(2);
  });
});
