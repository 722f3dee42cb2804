/**
 * Milliseconds since the epoch by a clock that nobody sets: the wall clock's time when this process began, and monotonic
 * from then on. What waits by the wall clock waits for an hour when that is set back by one.
 */
export const now = (): number => Math.floor(performance.timeOrigin + performance.now());

/** By how much the wall clock was set since this process began, ms; a machine that slept counts as one that was set. */
export const clockMovedMs = (): number => Date.now() - now();
