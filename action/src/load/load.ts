import { setMaxListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { now } from '../clock.ts';
import type { Deployment, Signer } from '../cloud/cloud.ts';
import { LoadError } from '../errors.ts';
import type { Config, LoadRequest, LoadRun, Warning } from '../model.ts';
import type { Progress } from '../progress.ts';
import { untilStart } from './barrier.ts';
import { cpuTimes } from './cpu.ts';
import { type InterimLooks, lookOnSchedule } from './interim.ts';
import type { Journal } from './journal.ts';
import { interrupted, startK6 } from './k6.ts';
import { keepOnSchedule } from './keep.ts';
import { pilot } from './pilot.ts';
import { chooseRate, type PilotMeasure, requestTimeout, timingFor, virtualUsers } from './rate.ts';
import { Recorder } from './recorder.ts';
import { beforeFirstBlock, replaceOnSchedule } from './replace.ts';
import { addressOf, GET_ROOT } from './request.ts';
import { k6Options, type LoadShape } from './scenarios.ts';
import { schedule, windowOf } from './schedule.ts';
import { type Plan, type Sending, soFar, standing, whole } from './sending.ts';
import { type SignatureServer, serveSignatures } from './signature-server.ts';
import { duration } from './tally.ts';

export interface LoadMeans {
  /** Path of the k6 binary. */
  readonly k6: string;
  readonly progress: Progress;
  /** Ends the load early: k6 is killed, temporary files are removed, InterruptedError is thrown. */
  readonly signal: AbortSignal;
  /** An existing folder for temporary files; left as it was found. */
  readonly workDir: string;
  /** Gets what is measured while it is, and keeps the samples of the run that is returned. */
  readonly journal: Journal;
  /** Null for a run that is judged once, at its end. */
  readonly looks: InterimLooks | null;
}

/**
 * Sends the load that the config's profile describes and returns every request of it as a sample.
 *
 * @throws DeployError when a variant does not answer the pilot.
 * @throws LoadError when k6 fails; InterruptedError when `signal` is given.
 */
export async function load(config: Config, deployment: Deployment, means: LoadMeans): Promise<LoadRun> {
  try {
    const pilots = await pilotAll(config, deployment, means);
    const plan = planned(config, deployment, pilots);
    means.progress.line('load', `${plan.rateChoice.reason}; seed ${config.seed}`);
    return await withTemporary(means.workDir, (folder) => run(plan, deployment, means, folder));
  } catch (error) {
    throw means.signal.aborted ? interrupted() : error;
  }
}

async function pilotAll(config: Config, deployment: Deployment, means: LoadMeans): Promise<PilotMeasure[]> {
  const pilots: PilotMeasure[] = [];
  for (const { name } of config.variants) {
    const measure = await pilot(name, config, deployment, means);
    pilots.push(measure);
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const message = `${name}: cold ${ms(measure.coldMs)}, warm p50 ${ms(measure.p50Ms)}`;
    means.progress.line('load pilot', `${message}, opening burst ${ms(measure.openingMs)}`);
  }
  return pilots;
}

function planned(config: Config, deployment: Deployment, pilots: readonly PilotMeasure[]): Plan {
  const { profile, seed } = config;
  const rateChoice = chooseRate(profile.rate, pilots, availableParallelism());
  const names = config.variants.map((variant) => variant.name);
  const aheadMs = deployment.alternates === undefined ? 0 : windowOf(profile) * names.length;
  const timing = timingFor(pilots, aheadMs);
  const slots = schedule(profile, names, rateChoice.rate, seed, timing);
  const highestRate = Math.max(...slots.map((slot) => slot.rate));
  const shards = config.shard?.count ?? 1;
  const users = virtualUsers(highestRate, pilots, profile);
  const shape: LoadShape = {
    profile,
    deployment,
    request: config.request ?? GET_ROOT,
    timing,
    virtualUsers: divisible(users, shards),
    timeoutSeconds: requestTimeout(pilots),
  };
  const usual = schedule(profile, names, rateChoice.rate, seed);
  const longerMs = slots.at(-1)!.endMs - usual.at(-1)!.endMs;
  return {
    slots,
    rateChoice,
    shape,
    shard: config.shard,
    ...(config.startAtMs !== undefined && { startAtMs: config.startAtMs }),
    warnings: longerMs > 0 ? [slotsLengthened(longerMs)] : [],
  };
}

/** Virtual users are shared out whole: with a rest, some shard would have too few. */
const divisible = (users: number, shards: number): number => Math.ceil(users / shards) * shards;

function slotsLengthened(longerMs: number): Warning {
  return {
    code: 'slots-lengthened',
    message: `The load takes ${(longerMs / 1000).toFixed(1)} s longer than planned, because slots that start environments wait for the slowest variant.`,
    data: { longerMs },
  };
}

async function run(plan: Plan, deployment: Deployment, means: LoadMeans, folder: string): Promise<LoadRun> {
  const { slots, shape } = plan;
  const recorder = new Recorder(means.journal);
  const optionsFile = join(folder, 'k6.json');
  await writeFile(optionsFile, JSON.stringify(k6Options(slots, shape)));
  const onOutput = (chunk: Buffer) => recorder.push(chunk);
  await beforeFirstBlock(plan.slots, deployment);
  await using signatures =
    deployment.signer === undefined ? null : await signaturesOf(deployment, deployment.signer, shape.request);
  await using k6 = await startK6({
    k6: means.k6,
    script: SCRIPT,
    optionsFile,
    shard: plan.shard,
    signal: means.signal,
    environment: signatures?.environment ?? {},
    onOutput,
  });
  const late = await untilStart({ ...plan, ...means, k6 });
  const cpuBefore = cpuTimes();
  const startMs = await k6.release();
  const sending: Sending = {
    plan: { ...plan, warnings: [...plan.warnings, ...late] },
    ...{ journal: means.journal, recorder, k6, startMs, cpuBefore, late: [] },
    replacing: { profile: shape.profile, slots, deployment, guardMs: shape.timing.guardMs },
  };
  const stopped = await send(sending, means);
  recorder.end();
  return stopped ?? soFar(sending, whole(plan));
}

function signaturesOf(
  { endpoints, alternates }: Deployment,
  signer: Signer,
  request: LoadRequest,
): Promise<SignatureServer> {
  const all = [...endpoints.values(), ...(alternates?.values() ?? [])];
  const urls = all.map((endpoint) => addressOf(endpoint, request));
  return serveSignatures(signer, urls, request);
}

/** While k6 sends, environments are replaced, looks are taken and progress is told; the first failure ends all. */
async function send(sending: Sending, means: LoadMeans): Promise<LoadRun | null> {
  const { plan, recorder, k6, startMs, late, replacing } = sending;
  const { slots } = plan;
  const over = new AbortController();
  const signal = AbortSignal.any([means.signal, over.signal]);
  setMaxListeners(0, signal); // one for each variant that is replaced
  means.progress.line('load', `${slots.length} slots, ${duration(slots.at(-1)!.endMs)}`);
  const tell = () => means.progress.line('load', recorder.tally.line(slots, now() - startMs));
  const ticker = setInterval(tell, slots.at(-1)!.endMs > LONG_MS ? HEARTBEAT_MS : LINE_EVERY_MS);
  try {
    const keeping = {
      ...{ slots, startMs, ...means },
      deployment: replacing.deployment,
      standing: () => standing(sending),
    };
    const work = Promise.race([
      Promise.all([
        replaceOnSchedule(replacing, startMs, late, signal),
        keepOnSchedule(keeping, signal),
        k6.finished,
      ]),
      overdue(plan, signal),
    ]);
    const stopped =
      means.looks === null
        ? null
        : await Promise.race([look(sending, means.looks, signal), work.then(() => null)]);
    if (stopped === null) await work;
    else means.progress.line('load', `decided after ${stopped.slots.at(-1)!.block + 1} blocks: ending early`);
    tell();
    return stopped;
  } finally {
    clearInterval(ticker);
    over.abort();
  }
}

/** What k6 may take to end when all is over; it usually takes a second. */
const END_PATIENCE_MS = 15_000;

/** k6 that hangs, or was stopped, never ends by itself, and everything would wait for it. */
async function overdue({ slots, shape }: Plan, signal: AbortSignal): Promise<never> {
  const lastAnswerMs = slots.at(-1)!.endMs + (shape.timeoutSeconds + 1) * 1000;
  await sleep(lastAnswerMs + END_PATIENCE_MS, undefined, { signal });
  throw new LoadError(
    `k6 has not ended ${END_PATIENCE_MS / 1000} s after the last answer can have come; it was killed.`,
    'Look for what stops processes on this machine (a debugger, a suspended session), and run again.',
  );
}

function look(sending: Sending, looks: InterimLooks, signal: AbortSignal): Promise<LoadRun | null> {
  const { plan, startMs } = sending;
  const cut = (blocks: number, stoppedAtLook: number) => {
    const last = plan.slots.findLast((slot) => slot.block < blocks)!;
    return soFar(sending, { blocks, endMs: startMs + last.endMs, stoppedAtLook });
  };
  return lookOnSchedule(looks, plan.slots, startMs, cut, signal);
}

const SCRIPT = fileURLToPath(new URL('./scenario.js', import.meta.url));
const LINE_EVERY_MS = 10_000;
/** A long run says once a minute that it is alive: often enough for a CI log, which ends jobs that are silent. */
const HEARTBEAT_MS = 60_000;
const LONG_MS = 10 * 60_000;

async function withTemporary<T>(workDir: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(workDir, `lambda-duel-${process.pid}-load-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
