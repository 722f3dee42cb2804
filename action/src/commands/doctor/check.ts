/** `missing`: a run cannot start; `warning`: it can, and something about it will be slower, coarser or left behind. */
export type Status = 'ok' | 'warning' | 'missing';

/** One thing a run needs, as it was found. */
export interface Check {
  readonly name: string;
  readonly status: Status;
  /** What was found, e.g. a version. */
  readonly found: string;
  /** The one thing to do about it; null when it is ok. */
  readonly remedy: string | null;
}

export const ok = (name: string, found: string): Check => ({ name, status: 'ok', found, remedy: null });

export const warning = (name: string, found: string, remedy: string): Check => ({
  name,
  status: 'warning',
  found,
  remedy,
});

export const missing = (name: string, found: string, remedy: string): Check => ({
  name,
  status: 'missing',
  found,
  remedy,
});
