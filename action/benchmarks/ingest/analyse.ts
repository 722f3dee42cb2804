// A process of its own: merges three shards of an invented run, and renders a report, and prints what each took.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileNamed } from '../../src/config/profiles.ts';
import { Journal } from '../../src/load/journal.ts';
import { mergeShards } from '../../src/merge/merge-shards.ts';
import type { Artifact, Config, Invocation, Slot, Variant } from '../../src/model.ts';
import { type Header, readJournal } from '../../src/partial.ts';
import { parseResult } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { requests } from './generate.ts';

const [golden, count] = process.argv.slice(2) as [string, string];
const SHARDS = 3;
const BLOCKS = 8;
const NAMES = ['a', 'b'];
const SLOT_MS = 60_000;

const VARIANTS = NAMES.map(
  (name): Variant => ({
    ...{ name, source: '', build: 'zip', runtime: 'provided.al2023', handler: 'bootstrap' },
    ...{ architecture: 'x86_64', memoryMb: 1769, timeoutSeconds: 10, environment: {} },
  }),
);

const SLOTS = Array.from({ length: BLOCKS * 2 }, (_, at): Slot => {
  const [block, position] = [Math.floor(at / 2), at % 2];
  const startMs = 2 * block * SLOT_MS;
  return {
    block,
    position,
    variant: NAMES[position]!,
    startMs,
    measureMs: startMs,
    endMs: startMs + 2 * SLOT_MS,
    measuredMs: SLOT_MS,
    rate: 100,
  };
});

interface Invented {
  readonly block: number;
  readonly variant: string;
  readonly requestId: string;
  readonly environmentId: string;
  readonly endMs: number;
  readonly latencyMs: string;
}

/** So many requests in equal slots, whose turns follow each other. */
function* invented(index: number, total: number): Generator<Invented> {
  const perSlot = Math.ceil(total / SLOTS.length);
  let done = 0;
  for (const latencyMs of requests(total, (_, ms) => String(ms))) {
    const { block, variant, position, startMs } = SLOTS[Math.floor(done / perSlot)]!;
    const endMs = startMs + SLOT_MS * (position + (done % perSlot) / perSlot);
    const [requestId, environmentId] = [`shard${index}-request-${done}`, `shard${index}-${block}-${variant}`];
    yield { block, variant, requestId, environmentId, endMs, latencyMs };
    done++;
  }
}

function rowOf({ block, variant, requestId, environmentId, endMs, latencyMs }: Invented): string {
  const metadata = `"request=200|${requestId}|${environmentId}|99|s3;dur=1.25, ddb;dur=2.50, total;dur=4.75"`;
  return `client,${Math.round(endMs * 1000)},${latencyMs},${block}_measured_${variant},,${metadata}`;
}

function* recordsOf(all: Iterable<Invented>): Generator<Invocation> {
  for (const { variant, requestId, environmentId, endMs, latencyMs } of all)
    yield {
      ...{ requestId, variant, environmentId, timeMs: endMs, status: 'success', errorType: null },
      ...{ durationMs: Number(latencyMs) - 1, billedDurationMs: Math.ceil(Number(latencyMs)) },
      ...{ initDurationMs: null, memorySizeMb: 1769, maxMemoryUsedMb: 40, cpuMs: 1 },
    };
}

/** A journal as a finished shard leaves it. */
function journalOf(folder: string, index: number, total: number): void {
  using journal = new Journal(folder);
  let done = 0;
  for (const request of invented(index, total)) {
    journal.row(Buffer.from(rowOf(request)));
    if (++done % 1000 === 0) journal.flush();
  }
  journal.flush();
  journal.header(headerOf(index));
  journal.complete(
    {
      ...{ slots: SLOTS, samples: [], dropped: new Map(), startMs: 0, endMs: SLOTS.at(-1)!.endMs },
      ...{ rateChoice: { rate: 100, by: 'config', pilotMs: {}, reason: 'invented' }, unreadableLines: 0 },
      ...{ warnings: [], cpuBusy: null, stoppedAtLook: null },
    },
    recordsOf(invented(index, total)),
  );
}

function headerOf(index: number): Header {
  const artifact: Omit<Artifact, 'variant' | 'sha256'> = {
    ...{ path: '', zippedBytes: 1, unzippedBytes: 1, buildSeconds: 1, reused: false, tools: {}, flags: [] },
  };
  const config: Config = {
    ...{ root: '', baseRef: null, earlyStop: false, seed: 1, outDir: '', coldShare: 0 },
    file: { path: 'benchmark.yml', sha256: '' },
    ...{ region: 'us-east-1', shard: { index, count: SHARDS }, variants: VARIANTS },
    pairs: [{ base: 'a', head: 'b' }],
    profile: { ...profileNamed('soak', 2), blocks: BLOCKS, rate: 100 },
  };
  const { provenance } = parseResult(readFileSync(golden, 'utf8'));
  const { kind, label, region, limits } = { ...provenance.target, kind: 'scripted' as const };
  return {
    built: {
      config,
      artifacts: VARIANTS.map((variant) => ({ ...artifact, variant, sha256: variant.name })),
      base: null,
    },
    target: { kind, label, region, limits, tools: {}, warnings: [] },
    provenance,
    warnings: [],
  };
}

/** CPU of this process during some work, s. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const folder = mkdtempSync(join(tmpdir(), 'duel-benchmark-'));
try {
  const shards = Array.from({ length: SHARDS }, (_, at) => join(folder, String(at)));
  for (const [at, shard] of shards.entries()) journalOf(shard, at + 1, Math.ceil(Number(count) / SHARDS));
  let merged = 0;
  const mergeSeconds = cpuOf(() => {
    const { result } = mergeShards(shards.map(readJournal));
    merged = result.variants.reduce((sum, variant) => sum + variant.requests, 0);
  });
  const result = parseResult(readFileSync(golden, 'utf8'));
  const renders = Array.from({ length: 20 }, () => cpuOf(() => renderMarkdown(result))).sort((a, b) => a - b);
  process.stdout.write(`${JSON.stringify({ merged, mergeSeconds, renderSeconds: renders[10] })}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
