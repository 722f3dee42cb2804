import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deployment } from '../cloud/cloud.ts';
import type { Config, LoadRun, RateChoice, Slot, Warning } from '../model.ts';
import type { Progress } from '../progress.ts';
import { busyShare, cpuTimes } from './cpu.ts';
import { type InterimLooks, lookOnSchedule } from './interim.ts';
import { interrupted, type K6, startK6 } from './k6.ts';
import { pilot } from './pilot.ts';
import { chooseRate, type PilotMeasure, requestTimeout, timingFor, virtualUsers } from './rate.ts';
import { Recorder } from './recorder.ts';
import { lateWarning, type Replacing, replaceOnSchedule } from './replace.ts';
import { k6Options, type LoadShape } from './scenarios.ts';
import { schedule, USUAL_TIMING } from './schedule.ts';
import { duration } from './tally.ts';

export interface LoadMeans {
  /** Path of the k6 binary. */
  readonly k6: string;
  readonly progress: Progress;
  /** Ends the load early: k6 is killed, temporary files are removed, InterruptedError is thrown. */
  readonly signal: AbortSignal;
  /** An existing folder for temporary files; left as it was found. */
  readonly workDir: string;
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
    const measure = await pilot(name, config.profile, deployment, means.signal);
    pilots.push(measure);
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const message = `${name}: cold ${ms(measure.coldMs)}, warm p50 ${ms(measure.p50Ms)}`;
    means.progress.line('load pilot', `${message}, opening burst ${ms(measure.openingMs)}`);
  }
  return pilots;
}

interface Plan {
  readonly slots: readonly Slot[];
  readonly rateChoice: RateChoice;
  readonly shape: LoadShape;
  readonly warnings: readonly Warning[];
}

function planned(config: Config, deployment: Deployment, pilots: readonly PilotMeasure[]): Plan {
  const { profile, seed } = config;
  const rateChoice = chooseRate(profile.rate, pilots, availableParallelism());
  const timing = timingFor(pilots);
  const names = config.variants.map((variant) => variant.name);
  const slots = schedule(profile, names, rateChoice.rate, seed, timing);
  const highestRate = Math.max(...slots.map((slot) => slot.rate));
  const shape: LoadShape = {
    profile,
    endpoints: deployment.endpoints,
    guardMs: timing.guardMs,
    virtualUsers: virtualUsers(highestRate, pilots),
    timeoutSeconds: requestTimeout(pilots),
  };
  const longerMs = timing.guardMs + timing.openingMs - USUAL_TIMING.guardMs - USUAL_TIMING.openingMs;
  return { slots, rateChoice, shape, warnings: longerMs > 0 ? [slotsLengthened(longerMs)] : [] };
}

function slotsLengthened(longerMs: number): Warning {
  return {
    code: 'slots-lengthened',
    message: `Every slot opens ${longerMs} ms longer than planned, because the slowest variant starts that slowly.`,
    data: { longerMs },
  };
}

async function run(plan: Plan, deployment: Deployment, means: LoadMeans, folder: string): Promise<LoadRun> {
  const { slots, shape } = plan;
  const recorder = new Recorder();
  const optionsFile = join(folder, 'k6.json');
  await writeFile(optionsFile, JSON.stringify(k6Options(slots, shape)));
  const onOutput = (chunk: Buffer) => recorder.push(chunk);
  await using k6 = await startK6({
    k6: means.k6,
    script: SCRIPT,
    optionsFile,
    signal: means.signal,
    onOutput,
  });
  const cpuBefore = cpuTimes();
  const startMs = await k6.release();
  const sending: Sending = {
    ...{ plan, recorder, k6, startMs, cpuBefore, clock: performance.now(), late: [] },
    replacing: { profile: shape.profile, slots, deployment, guardMs: shape.guardMs },
  };
  const stopped = await send(sending, means);
  recorder.end();
  return stopped ?? soFar(sending, { blocks: shape.profile.blocks, endMs: Date.now(), stoppedAtLook: null });
}

/** A load under way. */
interface Sending {
  readonly plan: Plan;
  readonly recorder: Recorder;
  readonly k6: K6;
  readonly replacing: Replacing;
  /** ms since the epoch, and by the monotonic clock. */
  readonly startMs: number;
  readonly clock: number;
  readonly cpuBefore: ReturnType<typeof cpuTimes>;
  /** How late environments were replaced, ms; grows. */
  readonly late: number[];
}

/** While k6 sends, environments are replaced, looks are taken and progress is told; the first failure ends all. */
async function send(sending: Sending, means: LoadMeans): Promise<LoadRun | null> {
  const { plan, recorder, k6, startMs, late, replacing } = sending;
  const { slots } = plan;
  const over = new AbortController();
  const signal = AbortSignal.any([means.signal, over.signal]);
  means.progress.line('load', `${slots.length} slots, ${duration(slots.at(-1)!.endMs)}`);
  const tell = () => means.progress.line('load', recorder.tally.line(slots, Date.now() - startMs));
  const ticker = setInterval(tell, slots.at(-1)!.endMs > LONG_MS ? HEARTBEAT_MS : LINE_EVERY_MS);
  try {
    const work = Promise.all([replaceOnSchedule(replacing, startMs, late, signal), k6.finished]);
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

function look(sending: Sending, looks: InterimLooks, signal: AbortSignal): Promise<LoadRun | null> {
  const { plan, startMs } = sending;
  const cut = (blocks: number, stoppedAtLook: number) => {
    const last = plan.slots.findLast((slot) => slot.block < blocks)!;
    return soFar(sending, { blocks, endMs: startMs + last.endMs, stoppedAtLook });
  };
  return lookOnSchedule(looks, plan.slots, startMs, cut, signal);
}

/** The run as if it had ended after so many blocks. */
function soFar(
  { plan, recorder, startMs, clock, cpuBefore, late, replacing }: Sending,
  { blocks, endMs, stoppedAtLook }: { blocks: number } & Pick<LoadRun, 'endMs' | 'stoppedAtLook'>,
): LoadRun {
  const isIn = ({ block }: { readonly block: number }) => block < blocks;
  const steppedMs = Date.now() - startMs - (performance.now() - clock);
  const cpuBusy = busyShare(cpuBefore, cpuTimes());
  const seen = [...lateWarning(late, replacing), ...clockWarning(steppedMs), ...busyWarning(cpuBusy)];
  return {
    slots: plan.slots.filter(isIn),
    samples: recorder.samples.filter(isIn),
    dropped: new Map([...recorder.dropped].filter(([slot]) => Number.parseInt(slot, 10) < blocks)),
    startMs,
    endMs,
    rateChoice: plan.rateChoice,
    unreadableLines: recorder.unreadable,
    warnings: [...plan.warnings, ...seen, ...recorder.warnings()],
    cpuBusy,
    stoppedAtLook,
  };
}

const SCRIPT = fileURLToPath(new URL('./scenario.js', import.meta.url));
const LINE_EVERY_MS = 10_000;
/** A long run says once a minute that it is alive: often enough for a CI log, which ends jobs that are silent. */
const HEARTBEAT_MS = 60_000;
const LONG_MS = 10 * 60_000;

/** Above this share the functions wait for a core, and their latency is the machine's. */
const SATURATED = 0.8;

function busyWarning(cpuBusy: number | null): Warning[] {
  if (cpuBusy === null || cpuBusy <= SATURATED) return [];
  const percent = Math.round(cpuBusy * 100);
  const message = `The machine was ${percent} % busy during load (limit ${SATURATED * 100} %); lower the rate.`;
  return [{ code: 'machine-saturated', message, data: { percent } }];
}

/** The wall clock may be set during a run; the monotonic one may not. */
function clockWarning(steppedMs: number): Warning[] {
  if (Math.abs(steppedMs) < 100) return [];
  const ms = Math.round(steppedMs);
  const message = `The clock of this machine was moved by ${ms} ms during load; times of samples are off by that.`;
  return [{ code: 'clock-moved', message, data: { ms } }];
}

async function withTemporary<T>(workDir: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(workDir, 'load-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
