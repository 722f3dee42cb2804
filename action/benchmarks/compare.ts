/**
 * What the comparison itself costs, in time and memory. Samples are invented by a seeded generator; sizes are those of a
 * pull-request run and of ten million requests. Run by `npm run benchmark:compare`.
 */
import { median } from 'simple-statistics';
import { run } from '../src/command.ts';
import { type CompareInput, compare } from '../src/compare/compare.ts';
import { variantNamed } from '../src/compare/fixture.ts';
import type { SlotSamples } from '../src/model.ts';
import { parseOptions } from '../src/options.ts';

const USAGE = `Usage: npm run benchmark:compare

  Prints what comparing invented samples costs, in time and memory.`;

interface Size {
  readonly name: string;
  readonly blocks: number;
  /** Warm requests a slot; every block has two. */
  readonly requests: number;
  readonly repeats: number;
}

const SIZES: readonly Size[] = [
  { name: 'pr: 30 blocks', blocks: 30, requests: 250, repeats: 20 },
  { name: '1e7 in 8 blocks', blocks: 8, requests: 625_000, repeats: 1 },
  { name: '1e7 in 1 block', blocks: 1, requests: 5_000_000, repeats: 1 },
];
const ENVIRONMENTS = 10;

/** Uniform in [0, 1): a linear congruential generator is random enough to be sorted. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lognormal-like latencies with one heavy tail in fifty. */
function slotOf(block: number, variant: string, requests: number, random: () => number): SlotSamples {
  const column = (of: (i: number) => number) => {
    const values = new Float64Array(requests);
    for (let i = 0; i < requests; i++) values[i] = of(i);
    return values;
  };
  const durationMs = column(() => 20 * Math.exp(0.2 * (random() + random() - 1)) * (random() < 0.02 ? 3 : 1));
  const start = 10_000 * block;
  const warm = {
    environment: Uint16Array.from({ length: requests }, (_, i) => i % ENVIRONMENTS),
    endMs: column((i) => start + (5000 * i) / requests),
    clientMs: column((i) => durationMs[i]! + 1 + random()),
    durationMs,
    billedMs: column((i) => Math.ceil(durationMs[i]!)),
    cpuMs: column((i) => 0.4 * durationMs[i]!),
    s3Ms: column((i) => 0.2 * durationMs[i]!),
    dynamodbMs: column((i) => 0.1 * durationMs[i]!),
    handlerMs: column((i) => 0.9 * durationMs[i]!),
  };
  const environments = Array.from({ length: ENVIRONMENTS }, (_, i) =>
    environment(`${variant}-${block}-${i}`, random),
  );
  const counts = { requests: requests + ENVIRONMENTS, errors: 0, dropped: 0, unmatched: 0 };
  return { block, position: Number(random() < 0.5), variant, startMs: start, ...counts, warm, environments };
}

function environment(id: string, random: () => number): SlotSamples['environments'][number] {
  const initMs = 300 + 20 * random();
  return { id, initMs, firstCallMs: 50, firstBilledMs: initMs + 50, maxMemoryMb: 55, invocations: 1 };
}

function inputOf({ blocks, requests }: Size): CompareInput {
  const random = generator(1);
  const names = ['base', 'head'];
  const slots = Array.from({ length: blocks }, (_, block) =>
    names.map((name) => slotOf(block, name, requests, random)),
  ).flat();
  return {
    config: {
      variants: names.map(variantNamed),
      pairs: [{ base: 'base', head: 'head' }],
      region: 'us-east-1',
      coldShare: 0.01,
    },
    artifacts: [],
    run: { slots: [], startMs: 0 },
    collected: { slots },
    target: { kind: 'local' },
  };
}

/** The entry of `npm run benchmark:compare`. Resolves to the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return run(async () => {
    parseOptions(argv, { options: {} }, USAGE);
    for (const size of SIZES) process.stdout.write(`${measured(size)}\n`);
    return 0;
  });
}

function measured(size: Size): string {
  const input = inputOf(size);
  const times = Array.from({ length: size.repeats }, () => {
    const started = performance.now();
    compare(input);
    return performance.now() - started;
  });
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const worst = Math.max(...times);
  return `${size.name.padEnd(16)}  median ${median(times).toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${size.repeats}; peak of the process so far ${peakMb.toFixed(0)} MB, samples included`;
}
