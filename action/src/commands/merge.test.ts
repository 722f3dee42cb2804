import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedConfig } from '../../test/fixtures/scripted-config.ts';
import { thisMachine } from '../build/platform.ts';
import { scripted } from '../cloud/scripted.ts';
import { profileNamed } from '../config/profiles.ts';
import { journalIn } from '../load/journal.ts';
import { mergeShards } from '../merge/merge-shards.ts';
import type { Config, Shard } from '../model.ts';
import { journalResult, readJournal } from '../partial.ts';
import { pipeline } from '../pipeline.ts';
import { silent } from '../progress.ts';
import { parseResult, serialize } from '../report/json.ts';
import type { Result } from '../result.ts';
import { ensureTools } from '../tools/tools.ts';
import { main } from './merge.ts';

const root = mkdtempSync(join(tmpdir(), 'duel-merge-test-'));
const [whole, only, merged] = [join(root, 'whole'), join(root, 'only'), join(root, 'merged')];
const shards = [1, 2, 3].map((index) => ({ index, outDir: join(root, `shard-${index}`) }));
const results = new Map<string, Result>();

/** A run against functions that always take 2 and 6 ms. */
async function runOf(outDir: string, shard: Shard | null, k6: string): Promise<void> {
  const script = (durationMs: number) => ({ initMs: 5, durationMs });
  const deployed = () => scripted({ a: script(2), b: script(6) });
  const result = await pipeline(configOf(outDir, shard), {
    ...{
      cloud: { deploy: deployed },
      publish: async () => {},
      platform: thisMachine,
      progress: silent,
      warnings: [],
    },
    ...{ tools: { k6 }, cacheDir: join(root, 'cache'), signal: new AbortController().signal },
  });
  results.set(outDir, result);
}

function configOf(outDir: string, shard: Shard | null): Config {
  const profile = { ...profileNamed('smoke', 2), blocks: 2, slotSeconds: 2.3, rate: 30, environments: 6 };
  return scriptedConfig(root, { outDir, shard, profile });
}

beforeAll(async () => {
  const cacheDir = join(import.meta.dirname, '../../../.cache');
  const { k6 } = await ensureTools(['k6'], { cacheDir, progress: silent });
  await runOf(whole, null, k6);
  await runOf(only, { index: 1, count: 1 }, k6);
  for (const { index, outDir } of shards) await runOf(outDir, { index, count: 3 }, k6);
  await main([...shards.map(({ outDir }) => outDir), '--out', merged], { cwd: root });
  results.set(merged, parseResult(readFileSync(join(merged, 'result.json'), 'utf8')));
}, 300_000);

afterAll(() => rmSync(root, { recursive: true }));

const summaryIn = (result: Result, name: string, metric: string) =>
  result.variants
    .find((variant) => variant.name === name)!
    .summaries.find((summary) => summary.metric === metric)!;

async function rowsIn(folder: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(join(folder, 'samples.parquet'));
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
}

/** Requests of opening bursts, those included that a slow machine did not get to: there are always as many. */
function openings({ warnings }: Result, rows: readonly Record<string, unknown>[]): number {
  const cut = warnings.filter(({ code }) => code === 'warm-up-cut').map(({ data }) => Number(data.requests));
  return rows.filter(({ phase }) => phase === 'warm-up').length + cut.reduce((a, b) => a + b, 0);
}

describe('the only shard, merged', () => {
  it('says what the run itself said, and no more', () => {
    const shard = readJournal(journalIn(only));
    const warning = { code: 'said', message: 'something happened', data: {} };
    const run = { ...shard.run, warnings: [...shard.run.warnings, warning] };
    const result = parseResult(serialize(mergeShards([{ ...shard, run }]).result));
    const itself = results.get(only)!;
    expect(result).toEqual({ ...itself, warnings: expect.arrayContaining([...itself.warnings, warning]) });
    expect(result.warnings).toHaveLength(itself.warnings.length + 1);
    expect(result.design.shards).toBeNull();
  });
});

describe('three shards, merged', () => {
  it('hold exactly the requests of all of them, and no other', async () => {
    const { variants, design } = results.get(merged)!;
    for (const { name, requests, warmRequests, errors, dropped, unmatched, environments } of variants) {
      const parts = shards.map(
        ({ outDir }) => results.get(outDir)!.variants.find((variant) => variant.name === name)!,
      );
      const sum = (of: (part: Result['variants'][number]) => number) =>
        parts.reduce((total, part) => total + of(part), 0);
      expect(requests).toBe(sum((part) => part.requests));
      expect(warmRequests).toBe(sum((part) => part.warmRequests));
      expect(environments).toBe(sum((part) => part.environments));
      expect([errors, dropped]).toEqual([sum((part) => part.errors), sum((part) => part.dropped)]);
      expect(unmatched).toBe(0);
    }
    expect(design).toMatchObject({ shards: 3, blocks: 2 });
    const rows = await rowsIn(merged);
    expect(rows).toHaveLength(variants.reduce((total, { requests }) => total + requests, 0));
  });

  it('say what one unsharded run of the same seed says', async () => {
    const [one, all] = [results.get(whole)!, results.get(merged)!];
    expect(all.design.order).toEqual(one.design.order);
    for (const [name, durationMs] of [
      ['a', 2],
      ['b', 6],
    ] as const) {
      for (const metric of ['duration.p50', 'duration.p99', 'billed.mean']) {
        expect(summaryIn(all, name, metric).value).toBe(summaryIn(one, name, metric).value);
        expect(summaryIn(all, name, metric).value).toBe(durationMs);
      }
    }
    expect(openings(all, await rowsIn(merged))).toBe(2 * 2 * 6 * 11);
    expect(openings(one, await rowsIn(whole))).toBe(2 * 2 * 6 * 11);
    // A busy machine may lose arrivals.
    for (const [at, { requests, dropped }] of all.variants.entries()) {
      const { requests: sent, dropped: unsent } = one.variants[at]!;
      expect(requests + dropped).toBeLessThanOrEqual(2 * (6 * 11 + 30));
      expect(sent + unsent).toBeLessThanOrEqual(2 * (6 * 11 + 30));
    }
  });

  it('are each reported whole, as runs that ended', () => {
    for (const { outDir } of shards) {
      const { design, warnings } = journalResult(journalIn(outDir));
      expect(design).toMatchObject({ blocks: 2, partial: null });
      expect(warnings.map(({ code }) => code)).not.toContain('partial-run');
    }
  });

  it('say once what all of them say, name who says anything else, and tell machines that differ', () => {
    const of = (shard: number, ...messages: string[]) =>
      messages.map((message) => ({ code: 'said', message, data: { shard } }));
    const read = shards.map(({ outDir }, at) => {
      const shard = readJournal(journalIn(outDir));
      const { target, provenance } = shard.header;
      const machine = { ...provenance.machine!, cpu: at === 2 ? 'another' : 'one' };
      const header = {
        ...shard.header,
        target: { ...target, warnings: at === 1 ? of(at, 'alike', 'a server died') : of(at, 'alike') },
        provenance: { ...provenance, machine },
        warnings: at === 0 ? of(at, 'not removed') : [],
      };
      return { ...shard, header };
    });
    const { warnings } = mergeShards(read).result;
    const said = warnings.filter(({ code }) => code === 'said').map(({ message }) => message);
    expect(said.sort()).toEqual(['Shard 1: not removed', 'Shard 2: a server died', 'alike']);
    expect(warnings.find(({ code }) => code === 'mixed-machines')?.message).toMatch(
      /of one; \d+ cores of another/,
    );
    expect(results.get(merged)!.warnings.map(({ code }) => code)).not.toContain('mixed-machines');
    const onAws = read.map(({ header, ...shard }) => ({
      ...shard,
      header: { ...header, target: { ...header.target, kind: 'aws' as const } },
    }));
    expect(mergeShards(onAws).result.warnings.map(({ code }) => code)).not.toContain('mixed-machines');
  });

  it('are found in a folder of a run, and by themselves', async () => {
    const bare = shards.map(({ outDir }) => journalIn(outDir));
    const out = join(root, 'bare');
    // 3 where a busy machine failed a gate.
    expect([0, 3]).toContain(await main([...bare, '--out', out], { cwd: root }));
    const { variants } = parseResult(readFileSync(join(out, 'result.json'), 'utf8'));
    expect(variants).toEqual(results.get(merged)!.variants);
  });

  it('never hold one machine’s clock against another’s', () => {
    const read = shards.map(({ outDir }) => readJournal(journalIn(outDir)));
    const hourAhead = read.map((shard, at) => {
      if (at !== 1) return shard;
      const { startMs, endMs } = shard.run;
      const samples = [...shard.run.samples].map((sample) => ({
        ...sample,
        endMs: sample.endMs + 3_600_000,
      }));
      const run = { ...shard.run, samples, startMs: startMs + 3_600_000, endMs: endMs + 3_600_000 };
      const invocations = Array.from(shard.invocations, (record) => ({
        ...record,
        timeMs: record.timeMs + 3_600_000,
      }));
      return { ...shard, run, invocations };
    });
    const [as, moved] = [mergeShards(read), mergeShards(hourAhead)];
    expect(moved.result.variants.map(({ perMinute }) => perMinute)).toEqual(
      as.result.variants.map(({ perMinute }) => perMinute),
    );
    expect(moved.result.warnings).toEqual(as.result.warnings);
    expect(moved.result.warnings.map(({ code }) => code)).not.toContain('clock-backwards');
  });

  it('are refused when one is given twice, was killed, or is no shard, and when plans differ', async () => {
    const read = shards.map(({ outDir }) => readJournal(journalIn(outDir)));
    expect(() => mergeShards([read[0]!, read[0]!])).toThrow('Shard 1 was given twice.');
    const { run } = read[1]!;
    const faster = { ...read[1]!, run: { ...run, slots: run.slots.map((slot) => ({ ...slot, rate: 99 })) } };
    expect(() => mergeShards([read[0]!, faster])).toThrow(/do not follow one plan/);
    const killed = { ...read[1]!, isComplete: false };
    expect(() => mergeShards([read[0]!, killed])).toThrow('Shard 2 was ended before its time');
    expect(() => mergeShards([])).toThrow('No run was given.');
    expect(await main([whole, shards[0]!.outDir, '--out', merged], { cwd: root })).toBe(2);
  });

  it.each([1, 2])('warn when only %i are left', (left) => {
    const read = shards.slice(0, left).map(({ outDir }) => readJournal(journalIn(outDir)));
    const { warnings, design } = mergeShards(read).result;
    expect(warnings[0]).toMatchObject({ code: 'shards-missing', data: { merged: left, planned: 3 } });
    expect(design.shards).toBe(left);
  });
});
