import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedConfig } from '../test/fixtures/scripted-config.ts';
import { main } from './commands/report.ts';
import { profileNamed } from './config/profiles.ts';
import { ConfigError } from './errors.ts';
import { OUTPUT_DELAY_MS } from './load/interim.ts';
import { replay } from './load/replay.ts';
import type { Config, LoadRun } from './model.ts';
import { journalResult } from './partial.ts';
import { silent } from './progress.ts';
import { parseResult } from './report/json.ts';
import { ensureTools } from './tools/tools.ts';

const root = mkdtempSync(join(tmpdir(), 'duel-partial-test-'));
const outDir = join(root, 'out');
const journal = join(outDir, 'journal');
const cacheDir = join(import.meta.dirname, '../../.cache');

afterAll(() => rmSync(root, { recursive: true }));

function configOf(): Config {
  const stages = [{ share: 1, rate: 1, shape: 'hold' }] as const;
  const profile = { ...profileNamed('soak', 2), blocks: 40, slotSeconds: 2, rate: 20, stages };
  return scriptedConfig(root, { outDir, profile });
}

/** A process that runs the whole pipeline against scripted functions, and writes down how it stands every two seconds. */
function startRun(k6: string) {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const source = `
    import { pipeline } from ${url('./pipeline.ts')};
    import { scripted } from ${url('./cloud/scripted.ts')};
    import { thisMachine } from ${url('./build/platform.ts')};
    import { stderrProgress } from ${url('./progress.ts')};
    const script = (durationMs) => ({ initMs: 5, durationMs });
    await pipeline(${JSON.stringify(configOf())}, {
      cloud: { deploy: () => scripted({ a: script(2), b: script(6) }) },
      publish: async () => {},
      platform: thisMachine,
      tools: { k6: ${JSON.stringify(k6)} },
      cacheDir: ${JSON.stringify(join(root, 'cache'))},
      progress: stderrProgress(),
      signal: new AbortController().signal,
      warnings: [],
      journalEveryMs: 2000,
    });`;
  return execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    reject: false,
    cwd: join(import.meta.dirname, '../..'),
  });
}

/** Blocks that were over, with their output in, when the run was last written down; 0 before it was. */
function blocksWritten(): number {
  try {
    const { startMs, endMs, slots } = JSON.parse(readFileSync(join(journal, 'load.json'), 'utf8')) as LoadRun;
    const over = slots.filter((slot) => startMs + slot.endMs + OUTPUT_DELAY_MS <= endMs);
    return Math.floor(over.length / 2);
  } catch {
    return 0; // Not there yet.
  }
}

describe('a run that was killed', () => {
  beforeAll(async () => {
    const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
    const run = startRun(k6);
    let ended = false;
    run.finally(() => {
      ended = true;
    });
    while (blocksWritten() < 2) {
      if (ended) throw new Error((await run).stderr);
      await sleep(50);
    }
    run.kill('SIGKILL');
    await run;
  }, 100_000);

  it('is reported from what is on the disk: every block that was over, whole, and none other', async () => {
    expect(readdirSync(outDir)).toEqual(['journal']);
    expect(await main([outDir], { cwd: root })).toBe(0);
    const result = parseResult(readFileSync(join(outDir, 'result.json'), 'utf8'));
    const { partial, blocks, order } = result.design;
    expect(partial).toMatchObject({ plannedBlocks: 40, minutes: 0 });
    expect(blocks).toBeGreaterThanOrEqual(2);
    expect(blocks).toBeLessThan(40);
    expect(order).toHaveLength(blocks);
    const sent = [...replay(journal).run.samples].filter(({ block }) => block < blocks);
    for (const { name, requests, unmatched } of result.variants) {
      expect(requests).toBe(sent.filter(({ variant }) => variant === name).length);
      expect(requests).toBeGreaterThan(0);
      expect(unmatched).toBe(0);
    }
    expect(result.provenance.target.kind).toBe('scripted');
    expect(result.warnings[0]).toMatchObject({ code: 'partial-run', data: { blocks, plannedBlocks: 40 } });
    const report = readFileSync(join(outDir, 'report.md'), 'utf8');
    expect(report).toMatch(/^partial: 0 of \d+ min, Profile soak/m);
  });

  it('is reported although an earlier run left its result in the same folder', async () => {
    const result = join(outDir, 'result.json');
    const own = readFileSync(result, 'utf8');
    writeFileSync(result, "an earlier run's");
    utimesSync(result, 0, 0);
    expect(await main([outDir], { cwd: root })).toBe(0);
    expect(readFileSync(result, 'utf8')).toBe(own);
  });

  it('is reported although the kill cut a line in two', () => {
    const whole = journalResult(journal);
    for (const name of ['samples.csv', 'records.ndjson'])
      writeFileSync(join(journal, name), '{"cut": "in t', { flag: 'a' });
    expect(journalResult(journal)).toEqual(whole);
  });

  it('is reported without a block whose output nothing followed: more of it may have been lost', () => {
    const { blocks } = journalResult(journal).design;
    const samples = readFileSync(join(journal, 'samples.csv'), 'utf8');
    const isIn = (line: string) => Number(/,(\d+)_/.exec(line)?.[1]) < blocks;
    writeFileSync(join(journal, 'samples.csv'), `${samples.split('\n').filter(isIn).join('\n')}\n`);
    expect(journalResult(journal).design.blocks).toBe(blocks - 1);
  });

  it('says so when it was killed before its first block was over', () => {
    const samples = readFileSync(join(journal, 'samples.csv'), 'utf8');
    const isFirst = (line: string) => /,0_/.test(line);
    writeFileSync(join(journal, 'samples.csv'), `${samples.split('\n').filter(isFirst).join('\n')}\n`);
    expect(() => journalResult(journal)).toThrow(/before its first block was over/);
  });

  it('says so when it was killed before anything was written down', () => {
    expect(() => journalResult(join(root, 'nothing'))).toThrow(ConfigError);
  });
});
