import { LoadError } from '../errors.ts';
import type { Sample } from '../model.ts';

/** Three slots of a pr run at 50/s: longer than a hiccup, and much shorter than a soak, which would go on to its end. */
export const LONGEST_STREAK = 500;

/** Ends a load that has nothing to measure any more, because a variant answers with errors only. */
export class Streaks {
  /** Failed requests of a variant since its last one that succeeded. */
  readonly #failed = new Map<string, number>();

  /** @throws LoadError at the 500th failed request in a row of a variant */
  add({ variant, status }: Pick<Sample, 'variant' | 'status'>): void {
    const failed = status >= 200 && status <= 299 ? 0 : (this.#failed.get(variant) ?? 0) + 1;
    this.#failed.set(variant, failed);
    if (failed < LONGEST_STREAK) return;
    throw new LoadError(
      `The last ${failed} requests to variant "${variant}" all failed (${status === 0 ? 'no response' : `HTTP ${status}`}), so the load was ended.`,
      'See what its function logs, mend it, and run again; npm run report -- DIR tells what was measured in the minutes before.',
    );
  }
}
