import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry, { type Options as RetryOptions } from 'p-retry';
import { Child } from '../../src/cloud/local/child.ts';
import { freePort } from '../../src/loopback.ts';
import { ensureTools, type ToolOptions } from '../../src/tools/tools.ts';

export interface Ministack extends AsyncDisposable {
  readonly endpoint: string;
  readonly pid: number;
}

const STARTS_WITHIN_MS = 60_000;

/**
 * ministack (PyPI), an AWS emulator without Docker, on a loopback port and in a folder of its own.
 *
 * @param settings its environment variables, e.g. `{ AUTH: 'true' }` to have policies enforced
 */
export async function startMinistack(
  options: ToolOptions,
  settings: Readonly<Record<string, string>> = {},
): Promise<Ministack> {
  const { ministack } = await ensureTools(['ministack'], options);
  // Another may take the port that was free: then with a new one.
  const shouldRetry: RetryOptions['shouldRetry'] = ({ error }) =>
    /address already in use/i.test(error.message);
  return pRetry(() => start(ministack, settings), { retries: 5, minTimeout: 10, shouldRetry });
}

async function start(ministack: string, settings: Readonly<Record<string, string>>): Promise<Ministack> {
  const folder = await mkdtemp(join(tmpdir(), 'lambda-duel-ministack-'));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TMPDIR: folder,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    ...settings,
  };
  const child = new Child({ argv: [ministack, '-m', 'ministack'], cwd: folder, env });
  const endpoint = `http://127.0.0.1:${port}`;
  await untilHealthy(endpoint, child);
  return {
    endpoint,
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      await child.end(2000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilHealthy(endpoint: string, child: Child): Promise<void> {
  const deadline = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${endpoint}/_ministack/health`).catch(() => null);
    if (response?.ok) return;
    if (child.exit !== null) throw new Error(`ministack ended: ${await child.lastWords()}`);
    if (performance.now() > deadline)
      throw new Error(`ministack did not start in ${STARTS_WITHIN_MS / 1000} s`);
    await sleep(100);
  }
}
