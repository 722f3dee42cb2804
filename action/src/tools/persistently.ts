import pRetry from 'p-retry';
import { type ChildOptions, type Outcome, runChild } from './child.ts';
import { isNetworkFault } from './network-fault.ts';

export interface PersistentOptions extends ChildOptions {
  /** Takes word that it is tried again. */
  readonly say: (message: string) => void;
  /** Before the second attempt, ms; 2,000 unless a test is in a hurry. */
  readonly retryAfterMs?: number | undefined;
}

const retries = 2;

export const CHECK_NETWORK =
  'Check that the package registry can be reached (network, proxy, mirror settings of the package manager), then run again.';

/** What to do about a command that failed in these words: a source is not to blame for the network. */
export function remedyFor(output: string, otherwise: string): string {
  return isNetworkFault(output) ? CHECK_NETWORK : otherwise;
}

/**
 * Runs what downloads, as `runChild` does, and again when the network failed it; package managers go on with what they
 * have downloaded.
 *
 * @returns what the last attempt came to
 */
export async function runPersistently(
  file: string,
  args: readonly string[],
  { say, retryAfterMs = 2000, ...options }: PersistentOptions,
): Promise<Outcome> {
  let last: Outcome | undefined;
  const attempt = async () => {
    last = await runChild(file, args, options);
    if (!last.ok && isNetworkFault(last.output)) throw new NetworkFailed();
    return last;
  };
  return pRetry(attempt, {
    retries,
    minTimeout: retryAfterMs,
    factor: 4,
    signal: options.signal,
    shouldRetry: ({ error, retriesLeft }) => {
      const again = retriesLeft > 0 && error instanceof NetworkFailed;
      if (again) say('the network failed; trying again');
      return again;
    },
  }).catch((error: unknown) => {
    if (error instanceof NetworkFailed && last !== undefined) return last;
    throw error;
  });
}

/** By throwing only is an attempt told from a success. */
class NetworkFailed extends Error {}
