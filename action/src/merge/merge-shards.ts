import { collect } from '../collect/collect.ts';
import { compare } from '../compare/compare.ts';
import { ConfigError } from '../errors.ts';
import type { Replay } from '../load/replay.ts';
import type { Invocation, LoadRun, Sample, Warning } from '../model.ts';
import type { Header } from '../partial.ts';
import { assemble } from '../report/assemble.ts';
import type { Result } from '../result.ts';

/** One shard's journal, read. */
export interface ShardRun extends Replay {
  readonly header: Header;
}

export interface Merged {
  readonly result: Result;
  readonly run: LoadRun;
  readonly invocations: Iterable<Invocation>;
}

/**
 * The shards of one run as one result, also of a run that has a single one. Requests are put together slot by slot and
 * counts are added, exactly. Clocks of different machines are never held against each other: each shard's times count from
 * the start of its own load.
 *
 * @throws ConfigError when the shards do not follow one plan, or one is given twice.
 */
export function mergeShards(shards: readonly ShardRun[]): Merged {
  checkPlan(shards);
  const [first] = shards;
  const { built, provenance } = first!.header;
  const target = { ...first!.header.target, warnings: told(shards, ({ header }) => header.target.warnings) };
  const run = mergedRun(shards);
  const invocations = inOrder(shards.map(moved), ({ timeMs }) => timeMs);
  const collected = collect(run, invocations, built.config.profile);
  const measured = { ...built, target, run, collected };
  const warnings = told(shards, ({ header }) => header.warnings);
  const result = assemble({ ...measured, provenance, analysis: compare(measured), warnings });
  return {
    result: {
      ...result,
      design: { ...result.design, shards: plannedShards(shards) === 1 ? null : shards.length },
      warnings: [...missing(shards), ...mixedCommits(shards), ...mixedMachines(shards), ...result.warnings],
    },
    run,
    invocations,
  };
}

function mergedRun(shards: readonly ShardRun[]): LoadRun {
  const [first] = shards.map(({ run }) => run);
  const busiest = shards.map(({ run }) => run.cpuBusy).filter((share) => share !== null);
  const dropped = new Map<string, number>();
  for (const { run } of shards)
    for (const [slot, count] of run.dropped) dropped.set(slot, (dropped.get(slot) ?? 0) + count);
  return {
    ...first!,
    samples: inOrder(
      shards.map((shard) => rebased(shard, first!.startMs)),
      ({ endMs }) => endMs,
    ),
    dropped,
    endMs: first!.startMs + Math.max(...shards.map(({ run }) => run.endMs - run.startMs)),
    unreadableLines: shards.reduce((sum, { run }) => sum + run.unreadableLines, 0),
    cpuBusy: busiest.length === 0 ? null : Math.max(...busiest),
    // They count what happened to a shard's own requests.
    warnings: shards.flatMap((shard) => shard.run.warnings.map((warning) => saidBy(shard, warning))),
  };
}

/** A shard's records on its own clock from the start of its load; they are only ever put in order by it. */
function moved({ run, invocations }: ShardRun): Iterable<Invocation> {
  return mapped(invocations, (record) => ({ ...record, timeMs: record.timeMs - run.startMs }));
}

/** What all shards say alike is said once; anything else by the shard that says it. */
function told(shards: readonly ShardRun[], warningsOf: (shard: ShardRun) => readonly Warning[]): Warning[] {
  const says = (shard: ShardRun, message: string) =>
    warningsOf(shard).some((warning) => warning.message === message);
  const isCommon = ({ message }: Warning) => shards.every((shard) => says(shard, message));
  const own = shards.flatMap((shard) =>
    warningsOf(shard)
      .filter((warning) => !isCommon(warning))
      .map((warning) => saidBy(shard, warning)),
  );
  return [...warningsOf(shards[0]!).filter(isCommon), ...own];
}

/** A run with a single shard need not say which. */
function saidBy({ header }: ShardRun, warning: Warning): Warning {
  const { index, count } = header.built.config.shard!;
  return count === 1 ? warning : { ...warning, message: `Shard ${index}: ${warning.message}` };
}

const indexOf = ({ built }: Header): number => built.config.shard!.index;

function rebased({ run }: ShardRun, startMs: number): Iterable<Sample> {
  return mapped(run.samples, (sample) => ({ ...sample, endMs: sample.endMs - run.startMs + startMs }));
}

function mapped<T>(values: Iterable<T>, change: (value: T) => T): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      for (const value of values) yield change(value);
    },
  };
}

/** Merges streams that are each by time, and are read anew each time; ties go to the earlier stream. */
function inOrder<T>(streams: readonly Iterable<T>[], timeOf: (value: T) => number): Iterable<T> {
  return { [Symbol.iterator]: () => byTime(streams, timeOf) };
}

function* byTime<T>(streams: readonly Iterable<T>[], timeOf: (value: T) => number): Generator<T> {
  const heads = streams.map((values) => {
    const stream = values[Symbol.iterator]();
    return { stream, next: stream.next() };
  });
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    if (open.length === 0) return;
    const earliest = open.reduce((a, b) => (timeOf(b.next.value) < timeOf(a.next.value) ? b : a));
    yield earliest.next.value;
    earliest.next = earliest.stream.next();
  }
}

/** What every shard of a run must have in common. */
function planOf({ header, run }: ShardRun): string {
  const { config, artifacts } = header.built;
  const slots = run.slots.map(({ block, position, variant, rate }) => [block, position, variant, rate]);
  return JSON.stringify({
    shards: config.shard!.count,
    slots,
    artifacts: artifacts.map(({ variant: { source: _, ...variant }, sha256 }) => [variant, sha256]),
    target: [header.target.kind, header.target.region],
    request: config.request ?? null,
    ...{ profile: config.profile, pairs: config.pairs, coldShare: config.coldShare, region: config.region },
  });
}

function checkPlan(shards: readonly ShardRun[]): void {
  if (shards.length === 0 || shards.some(({ header }) => header.built.config.shard === null))
    throw new ConfigError(
      shards.length === 0 ? 'No run was given.' : 'One of the runs is no shard.',
      'Give the folders of runs that were made with --shard I/N.',
    );
  const killed = shards.find(({ isComplete }) => !isComplete);
  if (killed !== undefined)
    throw new ConfigError(
      `Shard ${indexOf(killed.header)} was ended before its time: it sent less than its share, and records are missing.`,
      'Leave it out, and the result says that a shard is missing, or run it again; `npm run report -- DIR` shows what there is of it.',
    );
  if (new Set(shards.map(planOf)).size > 1)
    throw new ConfigError(
      'The shards do not follow one plan: slots, rate, number of shards, request, target, or what was deployed differs.',
      'Run all shards with the same config, profile, seed and sources, and with --shard 1/N to N/N.',
    );
  const indexes = shards.map(({ header }) => indexOf(header));
  const twice = indexes.find((index, at) => indexes.indexOf(index) < at);
  if (twice !== undefined)
    throw new ConfigError(
      `Shard ${twice} was given twice.`,
      'Give each shard once, or its requests count twice.',
    );
}

const plannedShards = ([first]: readonly ShardRun[]): number => first!.header.built.config.shard!.count;

function missing(shards: readonly ShardRun[]): Warning[] {
  const count = plannedShards(shards);
  if (shards.length === count) return [];
  const message = `Only ${shards.length} of ${count} shards were merged: the rate was lower than planned.`;
  return [{ code: 'shards-missing', message, data: { merged: shards.length, planned: count } }];
}

function mixedCommits(shards: readonly ShardRun[]): Warning[] {
  const commits = new Set(shards.map(({ header }) => header.provenance.commit ?? 'none'));
  if (commits.size === 1) return [];
  const message = `The shards were made at ${commits.size} different commits, although of the same packages.`;
  return [{ code: 'mixed-commits', message, data: { commits: [...commits].join(' ') } }];
}

/** Shards on AWS had their functions elsewhere; all others, on the machine that sent. */
function mixedMachines(shards: readonly ShardRun[]): Warning[] {
  if (shards[0]!.header.target.kind === 'aws') return [];
  const machines = new Set(
    shards.flatMap(({ header: { provenance } }) =>
      provenance.machine === null ? [] : `${provenance.machine.cores} cores of ${provenance.machine.cpu}`,
    ),
  );
  if (machines.size < 2) return [];
  const message = `The shards ran on machines that differ (${[...machines].join('; ')}): the numbers are of all of them together.`;
  return [{ code: 'mixed-machines', message, data: { machines: machines.size } }];
}
