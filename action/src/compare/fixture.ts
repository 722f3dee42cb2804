/** Invented runs for tests: every number follows from the arguments. */
import type { SlotSamples, Variant } from '../model.ts';
import type { Comparison } from '../result.ts';
import { type CompareInput, compare } from './compare.ts';
import type { MetricId } from './metrics.ts';

export interface Shape {
  readonly blocks: number;
  /** How many times as long as the base everything of the head takes. */
  readonly headScale: number;
  /** Warm requests a slot. */
  readonly requests?: number;
  readonly sameArtefact?: boolean;
  readonly options?: NonNullable<CompareInput['options']>;
  readonly mend?: (slot: SlotSamples) => SlotSamples;
}

const NAMES = ['base', 'head'];

/** A run of two variants, `base` and `head`, whose latencies are a fixed spread times a scale. */
export function runOf({ mend = (slot) => slot, ...shape }: Shape): CompareInput {
  const { blocks, headScale, requests = 40, sameArtefact = false, options = {} } = shape;
  const slots = Array.from({ length: blocks }, (_, block) =>
    NAMES.map((name) => mend(slotOf(block, name, name === 'head' ? headScale : 1, requests))),
  ).flat();
  const pairs = [{ base: 'base', head: 'head' }];
  return {
    config: { variants: NAMES.map(variantNamed), pairs, region: 'us-east-1', coldShare: 0.01 },
    artifacts: NAMES.map((name) => ({ variant: variantNamed(name), sha256: sameArtefact ? 'one' : name })),
    run: {
      startMs: 0,
      slots: slots.map(({ block, position, variant }) => scheduled(block, position, variant)),
    },
    collected: { slots },
    target: { kind: 'local' },
    options,
  };
}

export function variantNamed(name: string): Variant {
  return {
    name,
    source: '/x',
    build: 'zip',
    runtime: 'provided.al2023',
    handler: 'bootstrap',
    architecture: 'x86_64',
    memoryMb: 1024,
    timeoutSeconds: 10,
    environment: {},
  };
}

const scheduled = (block: number, position: number, variant: string) => ({
  block,
  position,
  variant,
  startMs: block * 4000,
  measureMs: block * 4000 + 1000,
  endMs: block * 4000 + 2000,
  measuredMs: 1000,
  rate: 40,
});

/** A spread of 1..2 and a wobble of the block, a little different in each arm; the order alternates. */
function slotOf(block: number, variant: string, scale: number, requests: number): SlotSamples {
  const head = variant === 'head';
  const wobble = 1 + 0.01 * Math.sin(block * (head ? 1.7 : 2.3));
  const ms = Float64Array.from({ length: requests }, (_, i) => 10 * scale * wobble * (1 + i / requests));
  return {
    block,
    position: (block + Number(head)) % 2,
    variant,
    startMs: block * 4000,
    requests: requests + 4,
    errors: 0,
    dropped: 0,
    unmatched: 0,
    warm: {
      environment: new Uint16Array(requests),
      endMs: ms.map((_, i) => block * 4000 + i),
      clientMs: ms.map((x) => x + 1),
      durationMs: ms,
      billedMs: ms.map(Math.ceil),
      cpuMs: ms.map((x) => x / 2),
      s3Ms: ms.map((x) => x / 4),
      dynamodbMs: ms.map((x) => x / 8),
      handlerMs: ms,
    },
    environments: [
      {
        id: `${variant}-${block}`,
        initMs: 100 * scale,
        firstCallMs: 20 * scale,
        firstBilledMs: 120 * scale,
        maxMemoryMb: 50 * scale,
        invocations: requests + 4,
      },
    ],
  };
}

/** The slot with its Durations replaced; other columns follow so that all stay parallel. */
export function withDurations(slot: SlotSamples, values: ArrayLike<number>): SlotSamples {
  const durationMs = Float64Array.from(values);
  const none = new Float64Array();
  const warm = {
    environment: new Uint16Array(durationMs.length),
    endMs: durationMs.map((_, i) => slot.startMs + i),
    clientMs: durationMs,
    durationMs,
    billedMs: durationMs,
    cpuMs: none,
    s3Ms: none,
    dynamodbMs: none,
    handlerMs: none,
  };
  return { ...slot, warm };
}

export function comparisonOf(input: CompareInput, metric: MetricId): Comparison {
  return compare(input).pairs[0]!.comparisons.find((comparison) => comparison.metric === metric)!;
}

export const codesOf = (input: CompareInput): string[] => compare(input).warnings.map(({ code }) => code);
