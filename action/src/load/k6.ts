import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { now } from '../clock.ts';
import { dyingWithUs } from '../death-signal.ts';
import { InterruptedError, LoadError } from '../errors.ts';
import { freePort } from '../loopback.ts';
import type { Shard } from '../model.ts';
import { WITHOUT_COMMAND_FILES } from '../tools/command-files.ts';

export interface K6Options {
  /** Path of the k6 binary. */
  readonly k6: string;
  readonly script: string;
  /** What its process alone gets in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** k6's options as a JSON file. */
  readonly optionsFile: string;
  /** Takes k6's CSV as it comes. */
  readonly onOutput: (chunk: Buffer) => void;
  /** Null sends all of the load. */
  readonly shard: Shard | null;
  /** Kills k6. */
  readonly signal: AbortSignal;
}

/** Disposing of it kills k6 if it still runs. */
export interface K6 extends AsyncDisposable {
  /** Lets the waiting load begin; the scenarios' start times count from the moment returned, ms since the epoch. */
  release(): Promise<number>;
  /** Resolves when the load is over and all its output was read. */
  readonly finished: Promise<void>;
}

/**
 * Starts k6 with all virtual users made and the load held back, so that `release` starts it within milliseconds.
 *
 * k6 writes CSV to a pipe, not to a named FIFO: it costs the same (measured), and the pipe has no loose end. A FIFO is
 * opened by k6 for reading too, so that k6 would wait for ever for a reader that died; with a pipe it ends.
 *
 * @throws LoadError when k6 cannot be started or ends with an error; `finished` rejects with it too.
 */
export async function startK6(options: K6Options): Promise<K6> {
  const address = `127.0.0.1:${await freePort()}`;
  const disposal = new AbortController();
  const signal = AbortSignal.any([options.signal, disposal.signal]);
  const finished = run({ ...options, signal }, address);
  const dispose = async () => {
    disposal.abort();
    await finished.catch(() => {});
  };
  try {
    await Promise.race([untilPaused(address, signal), endedEarly(finished)]);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { release: () => release(address), finished, [Symbol.asyncDispose]: dispose };
}

/** What a caller's environment may hold by accident, and k6 or the script would obey. */
const FOREIGN = Object.fromEntries(
  ['SIGNATURES', ...Object.keys(process.env).filter((name) => name.startsWith('K6_'))].map((name) => [
    name,
    undefined,
  ]),
);

/** Its script makes requests and needs nothing of ours. */
function environmentOf({ environment }: K6Options): Record<string, string | undefined> {
  return {
    ...WITHOUT_COMMAND_FILES,
    ...FOREIGN,
    ...{ K6_NO_USAGE_REPORT: 'true', NO_COLOR: '1' },
    ...environment,
  };
}

async function run(options: K6Options, address: string): Promise<void> {
  const [program, ...words] = dyingWithUs([options.k6, ...commandLine(options, address)]);
  const k6 = execa(program, words, {
    stdin: 'ignore',
    buffer: false,
    reject: false,
    env: environmentOf(options),
    cancelSignal: options.signal,
    killSignal: 'SIGKILL',
  });
  const lastWords = tail(k6.stderr);
  let readError: unknown;
  k6.stdout.on('data', (chunk: Buffer) => {
    try {
      if (readError === undefined) options.onOutput(chunk);
    } catch (error) {
      readError = error;
      k6.kill('SIGKILL');
    }
  });
  const result = await k6;
  if (options.signal.aborted) throw interrupted();
  if (readError !== undefined) throw readError;
  if (result.failed) throw failure(options.k6, result, lastWords());
}

function commandLine(options: K6Options, address: string): string[] {
  return [
    ...[
      'run',
      '--quiet',
      '--log-format',
      'raw',
      '--paused',
      '--address',
      address,
      '--config',
      options.optionsFile,
    ],
    // Without both of these k6 keeps every latency in memory until it ends.
    ...['--summary-mode=disabled', '--no-thresholds'],
    ...segment(options.shard),
    ...['--out', 'csv=fileName=-,timeFormat=unix_micro', options.script],
  ];
}

/** k6's execution segment: the parts of all shards together are exactly the whole. */
export function segment(shard: Shard | null): string[] {
  if (shard === null || shard.count === 1) return [];
  const { index, count } = shard;
  const edges = Array.from({ length: count + 1 }, (_, edge) =>
    edge === 0 ? '0' : edge === count ? '1' : `${edge}/${count}`,
  );
  return [
    ...['--execution-segment', `${edges[index - 1]}:${edges[index]}`],
    ...['--execution-segment-sequence', edges.join(',')],
  ];
}

const LAST_WORDS = 2000;

/** Keeps the last 20 lines of up to 2000 characters, because k6 writes one for every failed request. */
function tail(stream: NodeJS.ReadableStream): () => string {
  let kept = '';
  stream.on('data', (chunk: Buffer) => {
    kept = (kept + chunk.toString()).split('\n').slice(-21).join('\n').slice(-LAST_WORDS);
  });
  return () => kept.trim();
}

interface Ending {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
  readonly code?: string | undefined;
}

function failure(binary: string, ending: Ending, lastWords: string): LoadError {
  if (ending.exitCode === undefined && ending.signal === undefined) {
    return new LoadError(
      `k6 could not be started from ${binary}: ${ending.originalMessage ?? ending.code ?? 'unknown reason'}.`,
      'Check that the file is there and can be run, or remove the tools cache so that k6 is installed again.',
    );
  }
  const how =
    ending.signal === undefined ? `with exit code ${ending.exitCode}` : `by signal ${ending.signal}`;
  return new LoadError(
    `k6 ended ${how} before the load was over.${lastWords === '' ? '' : ` Its last words:\n${lastWords}`}`,
    ending.signal === 'SIGKILL'
      ? 'Something killed it; look for a lack of memory, then run again.'
      : 'Mend what k6 names and run again.',
  );
}

/** k6's `ExecutionStatusPausedBeforeRun`: all virtual users are made and the load waits. */
const PAUSED_BEFORE_RUN = 4;
const START_PATIENCE_MS = 60_000;
const RELEASE_PATIENCE_MS = 10_000;

async function untilPaused(address: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while (performance.now() < deadline) {
    if ((await statusOf(address)) === PAUSED_BEFORE_RUN) return;
    await sleep(20, undefined, { signal }).catch(() => {
      throw interrupted();
    });
  }
  throw new LoadError(
    `k6 did not get ready within ${START_PATIENCE_MS / 1000} s.`,
    'Lower the rate, or free memory and processor time on this machine, and run again.',
  );
}

async function statusOf(address: string): Promise<number | null> {
  try {
    const response = await fetch(`http://${address}/v1/status`, { signal: AbortSignal.timeout(1000) });
    const body = (await response.json()) as { data?: { attributes?: { status?: number } } };
    return body.data?.attributes?.status ?? null;
  } catch {
    return null; // Not listening yet; the caller's deadline decides.
  }
}

async function release(address: string): Promise<number> {
  const body = { data: { type: 'status', id: 'default', attributes: { paused: false } } };
  const response = await fetch(`http://${address}/v1/status`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(RELEASE_PATIENCE_MS),
  }).catch((cause) => {
    throw new LoadError(
      `k6 was asked to begin the load and did not answer (it had ${RELEASE_PATIENCE_MS / 1000} s).`,
      'Free memory and processor time on this machine, and run again.',
      { cause },
    );
  });
  if (!response.ok) {
    throw new LoadError(
      `k6 refused to start the load: HTTP ${response.status}.`,
      'Use the pinned version of k6.',
    );
  }
  return now();
}

/** While k6 should be waiting, its end in whatever way is a failure. */
async function endedEarly(finished: Promise<void>): Promise<never> {
  await finished;
  throw new LoadError('k6 ended before the load began.', 'Use the pinned version of k6.');
}

export function interrupted(): InterruptedError {
  return new InterruptedError(
    'The load was interrupted.',
    'Run again; of a run that lasted a minute npm run report -- DIR shows what there is.',
  );
}
