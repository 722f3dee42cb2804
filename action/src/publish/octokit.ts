/** The client of GitHub's API: Octokit, with its own plugins for bad minutes and rate limits. */
import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { Progress } from '../progress.ts';

export type Octokit = ReturnType<typeof getOctokit>;

export interface Connection {
  readonly token: string;
  /** E.g. `https://api.github.com`. */
  readonly apiUrl: string;
  readonly progress: Progress;
  /** Length of a second of waiting, ms; tests make it shorter. */
  readonly secondMs?: number;
  /** Keep a second between writes, as GitHub asks for; tests need not. */
  readonly polite?: boolean;
}

/** The plugin waits 1, 4, 9 ... seconds: six times are a minute and a half, and GitHub's bad minutes are one. */
const RETRIES = 6;
/** A job does not wait for longer than this for its rate limit to be reset, s. */
const PATIENCE_SECONDS = 120;

export function connect({ token, apiUrl, progress, secondMs = 1000, polite = true }: Connection): Octokit {
  const limited = (
    retryAfter: number,
    request: { method: string; url: string },
    _: unknown,
    before: number,
  ) => {
    const again = retryAfter <= PATIENCE_SECONDS && before < 2;
    const then = again ? `trying again in ${retryAfter} s` : 'not trying again';
    progress.line('publish', `GitHub limits ${request.method} ${request.url}: ${then}`);
    return again;
  };
  return getOctokit(
    token,
    {
      baseUrl: apiUrl,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { retries: RETRIES, retryAfterBaseValue: secondMs },
      throttle: {
        enabled: polite,
        onRateLimit: limited,
        onSecondaryRateLimit: limited,
        retryAfterBaseValue: secondMs,
      },
    },
    retry,
    throttling,
  );
}
