/** The SDK asks again this early, too, so both agree on what is old (AWS SDK, "credential expiration window"). */
const REFRESH_BEFORE_MS = 300_000;
/** What is left of old credentials must still carry a request through its retries. */
const LAST_RESORT_MS = 60_000;

interface Expiring {
  readonly expiration?: Date;
}

/**
 * Shares one value among all who ask and fetches the next when the present one comes within 5 minutes of its expiry.
 * When that fails while the old one is good for another minute, the old one is given and the next to ask tries again:
 * a soak of two hours must not die of one bad minute.
 *
 * @param now ms since the epoch.
 */
export function refreshing<T extends Expiring>(
  fetch: () => Promise<T>,
  now: () => number = Date.now,
): () => Promise<T> {
  let current: T | null = null;
  let pending: Promise<T> | null = null;
  const leftMs = () => (current === null ? 0 : (current.expiration?.getTime() ?? Infinity) - now());
  const renew = async () => {
    current = await fetch();
    return current;
  };
  return async () => {
    if (current !== null && leftMs() > REFRESH_BEFORE_MS) return current;
    pending ??= renew().finally(() => {
      pending = null;
    });
    try {
      return await pending;
    } catch (error) {
      if (current !== null && leftMs() > LAST_RESORT_MS) return current;
      throw error;
    }
  };
}
