/** What is fuzzed: data, so that a new parser costs a few lines. */
import type fc from 'fast-check';
import { DuelError, UsageAsked } from '../src/errors.ts';

/** A parser of outside data, what is fed to it, and what must hold whatever it is fed. */
export interface Target<T = unknown> {
  readonly name: string;
  readonly arbitrary: fc.Arbitrary<T>;
  /** Throws when a promise is broken. */
  readonly holds: (input: T) => void | Promise<void>;
  /** Executions in `npm test`; fewer where one costs milliseconds. */
  readonly short: number;
}

/** Forgets what is fed, so that targets of all kinds stand in one list. */
export function target<T>(
  name: string,
  short: number,
  arbitrary: fc.Arbitrary<T>,
  holds: Target<T>['holds'],
) {
  return { name, short, arbitrary, holds } as unknown as Target;
}

/**
 * The value, or null where the input was refused as a person may expect it: by an error of ours with a fact and a remedy.
 *
 * @throws whatever else is thrown: that is a finding
 */
export async function orRefusal<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageAsked) return null;
    if (error instanceof DuelError && error.message.trim() !== '' && error.remedy.trim() !== '') return null;
    throw error;
  }
}

/** A promise of the product's, in words that stand in the report of a finding. */
export function must(held: boolean, promise: string): asserts held {
  if (!held) throw new Error(`broken promise: ${promise}`);
}
