/**
 * Where the readers of k6's outputs put what they find. Times are ms since the epoch, latencies ms, scenarios k6's; '' for
 * one that is not told.
 */
export interface Sink {
  /** One request: when it ended, `http_req_duration`, and whether it succeeded. */
  request(endMs: number, clientMs: number, succeeded: boolean, scenario: string): void;
  /** Arrivals that found no free virtual user. */
  dropped(endMs: number, count: number, scenario: string): void;
}

/** No line of k6's comes near it, however long its URLs. */
export const MAX_LINE = 1024 * 1024;

/**
 * k6 itself says whether a response was the expected one (by default 200 to 399); where that tag was switched off, the
 * status is asked, and a request with neither cannot be told from a failed one.
 */
export function hasSucceeded(expected: string, status: string): boolean {
  if (expected !== '') return expected === 'true';
  return /^[23]\d\d$/.test(status);
}
