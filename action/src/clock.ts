/**
 * Milliseconds since the epoch by a clock that nobody sets: the wall clock's time when this process began, and monotonic
 * from then on. What waits by the wall clock waits for an hour when that is set back by one.
 */
export const now = (): number => Math.floor(performance.timeOrigin + performance.now());
