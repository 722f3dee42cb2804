import { setTimeout as sleep } from 'node:timers/promises';
import { median } from 'simple-statistics';
import type { Deployment, Signer } from '../cloud/cloud.ts';
import { DeployError } from '../errors.ts';
import type { Config, LoadRequest } from '../model.ts';
import type { Progress } from '../progress.ts';
import type { PilotMeasure } from './rate.ts';
import { addressOf, GET_ROOT } from './request.ts';

export const WARM_REQUESTS = 20;
/** Longest cold start that the pilot waits for, ms; Lambda's own limit for an init is 10 s. */
const PATIENCE_MS = 30_000;
const SHOWN_BODY = 500;

export interface PilotMeans {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Waits before a new deployment that does not let the load in yet is asked again, ms; 46 s in all by default. */
  readonly waitsMs?: readonly number[];
}

/**
 * A bounded look at one variant before the run: the opening burst of a slot (`environments` clients at once, each one
 * cold and `warmupInvocations` warm requests), then 20 requests one after the other. Where the opening was answered, one
 * that fails among the 20 is no reason to stop.
 *
 * @throws DeployError when none of the 20 is answered with 2xx.
 */
export async function pilot(
  variant: string,
  { profile, request = GET_ROOT }: Pick<Config, 'profile' | 'request'>,
  deployment: Deployment,
  means: PilotMeans,
): Promise<PilotMeasure> {
  const endpoint = deployment.endpoints.get(variant);
  if (endpoint === undefined)
    throw new DeployError(`Variant "${variant}" has no endpoint.`, 'Report this defect.');
  const { signer } = deployment;
  const call = { url: addressOf(endpoint, request), request, signer, signal: means.signal };
  if (signer !== undefined) await untilLetIn(variant, call, means);
  const replaceMs = await timed(() => deployment.freshEnvironments(variant));
  const client = () => sequence(call, 1 + profile.warmupInvocations);
  const opening: Answer[][] = [];
  const openingMs = await timed(async () => {
    opening.push(...(await Promise.all(Array.from({ length: profile.environments }, client))));
  });
  const isUp = opening.flat().some(succeeded);
  const warm = await sequence(call, WARM_REQUESTS, isUp ? ({ timedOut }) => !timedOut : succeeded);
  const latencies = warm.filter(succeeded).map((answer) => answer.ms);
  if (latencies.length === 0) throw unanswered(variant, [...warm, ...opening.flat()]);
  const coldMs = Math.max(...opening.map((answers) => answers[0]!.ms));
  return { variant, replaceMs, coldMs, openingMs, p50Ms: median(latencies) };
}

interface Call {
  readonly url: string;
  readonly request: LoadRequest;
  readonly signer: Signer | undefined;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly ms: number;
  /** 0 when there was no response. */
  readonly status: number;
  readonly timedOut: boolean;
  /** Kept for failures only. */
  readonly body: string;
}

/**
 * What IAM is told takes seconds to be known everywhere (IAM user guide, "Troubleshoot IAM", eventual consistency):
 * until then a Function URL may refuse its caller, and a handler fail that is refused its bucket. Where requests are not
 * signed there is no IAM, and the handler means it.
 */
const NOT_YET = [403, 502];
const WAITS_MS = [1000, 2000, 3000, ...Array.from({ length: 8 }, () => 5000)];

/** Asks before anything is measured; what is still refused when patience is over, the measuring itself tells. */
async function untilLetIn(variant: string, call: Call, means: PilotMeans): Promise<void> {
  for (const waitMs of means.waitsMs ?? WAITS_MS) {
    const { status } = await send(call);
    if (!NOT_YET.includes(status)) return;
    const message = `${variant}: HTTP ${status}, as a new function may answer at first`;
    means.progress.line('load pilot', `${message}; asking again in ${waitMs / 1000} s`);
    await sleep(waitMs, undefined, { signal: call.signal });
  }
}

/** Up to `count` requests, one after the other; without `goesOn`, a failure ends it: a hanging variant costs one patience. */
async function sequence(call: Call, count: number, goesOn = succeeded): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let sent = 0; sent < count; sent++) {
    const answer = await send(call);
    answers.push(answer);
    if (!goesOn(answer)) break;
  }
  return answers;
}

async function send({ url, request, signer, signal }: Call): Promise<Answer> {
  const signature = (await signer?.headers(url, request)) ?? {};
  const start = performance.now();
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: { ...request.headers, ...signature },
      body: request.body,
      redirect: 'manual', // as the load has it
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const body = await response.text();
    const ms = performance.now() - start;
    return { ms, status: response.status, timedOut: false, body: response.ok ? '' : body };
  } catch (error) {
    signal.throwIfAborted();
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { ms: performance.now() - start, status: 0, timedOut, body: causeOf(error) };
  }
}

function succeeded(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function unanswered(variant: string, answers: readonly Answer[]): DeployError {
  const failure = answers.find((answer) => answer.status > 0 && !succeeded(answer)) ?? answers[0]!;
  const seen = failure.status === 0 ? `gave no response: ${failure.body}` : `answered HTTP ${failure.status}`;
  const body = failure.status === 0 || failure.body === '' ? '' : `, body ${shorten(failure.body)}`;
  return new DeployError(
    `Variant "${variant}" ${seen}${body}.`,
    'Make its handler answer a Function URL event with 2xx; nothing was measured.',
  );
}

function shorten(body: string): string {
  return body.length > SHOWN_BODY ? `${body.slice(0, SHOWN_BODY)}... (${body.length} characters)` : body;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `none within ${PATIENCE_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
