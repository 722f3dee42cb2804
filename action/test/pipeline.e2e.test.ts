import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failedGates } from '../src/compare/gates.ts';
import { parseResult } from '../src/report/json.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import { listening } from './sockets.ts';

const root = resolve(import.meta.dirname, '../..');
const MINUTES = 60_000;

function npm(script: string, ...args: string[]) {
  const env = { INIT_CWD: root };
  return execa('node', ['action/setup.mjs', script, ...args], {
    cwd: root,
    env,
    reject: false,
    stripFinalNewline: false,
  });
}

/** Waits until a stream has said `words`; it keeps flowing afterwards. */
function said(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
  });
}

/** Our children that still run: every one of them was started from the cache folder or serves its tools. */
async function leftovers(): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'args'], { reject: false });
  const tools = /gofakes3 |dynoxide |k6 run|-m awslambdaric|lambda-duel-.*bootstrap/;
  return stdout.split('\n').filter((line) => tools.test(line) && line.includes(root));
}

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'duel-e2e-'));
});
afterAll(() => rm(out, { recursive: true, force: true }));

describe('npm run bench', () => {
  it('ends a smoke run of the real functions in a result and a report', {
    timeout: 45 * MINUTES,
  }, async () => {
    const folder = join(out, 'smoke');
    const { exitCode, stdout, stderr } = await npm(
      'bench',
      '--profile',
      'smoke',
      '--variants',
      'python,rust',
      '--seed',
      '1',
      '--out',
      folder,
      '--json',
    );
    expect([0, 3], stderr).toContain(exitCode);
    const text = await readFile(join(folder, 'result.json'), 'utf8');
    const result = parseResult(text);
    expect(stdout, stderr).toBe(text);
    expect(exitCode, stderr).toBe(failedGates(result).length > 0 ? 3 : 0);
    expect(result.provenance.target.kind).toBe('local');
    expect(result.variants.map((variant) => variant.name)).toEqual(['python', 'rust']);
    for (const variant of result.variants) {
      expect(variant.environmentsPerSlot.median, variant.name).toBeGreaterThanOrEqual(4);
      expect(variant.warmRequests, variant.name).toBeGreaterThan(100);
    }
    const p50 = result.pairs[0]!.comparisons.find((comparison) => comparison.metric === 'duration.p50')!;
    expect(p50.n).toBe(8);
    expect(p50.blocks).toHaveLength(8);
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toBe(renderMarkdown(result));
    expect((await readdir(folder)).sort()).toEqual(['charts', 'report.md', 'result.json', 'samples.parquet']);
    expect(await leftovers()).toEqual([]);
  });

  it('renders the report again byte for byte', { timeout: MINUTES }, async () => {
    const again = join(out, 'again');
    const { exitCode, stderr } = await npm('report', join(out, 'smoke', 'result.json'), '--out', again);
    expect(exitCode, stderr).toBe(0);
    expect(await readFile(join(again, 'report.md'), 'utf8')).toBe(
      await readFile(join(out, 'smoke', 'report.md'), 'utf8'),
    );
    const charts = await readdir(join(again, 'charts'));
    expect(charts.sort()).toEqual((await readdir(join(out, 'smoke', 'charts'))).sort());
    for (const chart of charts)
      expect(await readFile(join(again, 'charts', chart), 'utf8'), chart).toBe(
        await readFile(join(out, 'smoke', 'charts', chart), 'utf8'),
      );
  });

  it('measures head against base, and leaves no worktree behind', { timeout: 10 * MINUTES }, async () => {
    const folder = join(out, 'base');
    const config = join(out, 'short.yml');
    const short = 'load: { blocks: 3, slotSeconds: 2 }\n';
    await writeFile(config, `${await readFile(join(root, '.github/benchmark.yml'), 'utf8')}\n${short}`);
    const options = [
      '--config',
      config,
      '--variants',
      'python,rust',
      '--base',
      'HEAD',
      '--early-stop',
      '--out',
      folder,
    ];
    const { stderr } = await npm('bench', ...options);
    const { provenance, design, variants, pairs } = parseResult(
      await readFile(join(folder, 'result.json'), 'utf8'),
    );
    expect(provenance.base?.commit, stderr).toBe(provenance.commit);
    expect(design.looks).toEqual({ afterBlocks: [1, 2, 3], endedAfter: 3 });
    // What the work tree did not change is its own control; what it did change is compared.
    const unchanged = provenance.base!.unchanged;
    const measured = unchanged.length === 2 ? unchanged.slice(0, 1) : ['python', 'rust'];
    expect(variants.map(({ name }) => name)).toEqual(['python', 'rust', ...measured.map((n) => `${n}-base`)]);
    expect(pairs.filter(({ control }) => control).map(({ head }) => head)).toEqual(unchanged.slice(0, 1));
    const { stdout } = await execa('git', ['worktree', 'list'], { cwd: root });
    expect(stdout.split('\n')).toHaveLength(1);
    expect(await leftovers()).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends everything on %s in the middle of load and writes nothing',
    { timeout: 5 * MINUTES },
    async (signal) => {
      const folder = join(out, signal);
      const run = npm('bench', '--profile', 'smoke', '--variants', 'python,rust', '--out', folder);
      await said(run.stderr, ' slots, ');
      await sleep(3000);
      const open = process.platform === 'linux' ? listening(run.pid as number) : null;
      run.kill(signal);
      const { exitCode, stderr } = await run;
      // S3, DynamoDB, k6, a gateway for each function and a Runtime API for each environment: on loopback.
      expect(open?.length ?? 7).toBeGreaterThanOrEqual(7);
      expect(open?.filter((address) => !address.startsWith('127.0.0.1:')) ?? []).toEqual([]);
      expect(exitCode, stderr).toBe(130);
      expect(stderr).toContain(`Interrupted by ${signal}`);
      expect(await readdir(out)).not.toContain(signal);
      expect(await leftovers()).toEqual([]);
    },
  );

  it('says what is wrong with an option and exits with 2', { timeout: MINUTES }, async () => {
    const { exitCode, stderr } = await npm('bench', '--profil', 'smoke');
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Unknown option '--profil'");
  });
});

describe('npm run vectors', () => {
  it('passes the fixtures and ends with the count', { timeout: MINUTES }, async () => {
    const { exitCode, stdout } = await npm('vectors', 'action/test/fixtures/vectors');
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/^\d+ passed, 0 failed/m);
  });
});
