/** A result that a stranger's run made becomes data of ours, or is refused. */
import { PublishError } from '../../errors.ts';
import { parseResult } from '../../report/json.ts';
import type { Result } from '../../result.ts';

/** Keys that would reach an object's prototype in code that copies carelessly: no result of ours has them. */
const POISON = ['__proto__', 'constructor', 'prototype'];
/** Ten times the longest list of a result of ours, and few enough to be drawn. */
const LONGEST_LIST = 10_000;

/**
 * @param headSha the commit that GitHub says the run was of
 * @param nowMs ms since the epoch
 * @throws PublishError or ConfigError that names what is wrong
 */
export function hostileResult(text: string, headSha: string, nowMs: number = Date.now()): Result {
  refusePoison(text);
  const result = parseResult(text);
  refuseFuture(result.provenance.createdAt, nowMs);
  if (result.provenance.commit === headSha) return result;
  throw new PublishError(
    `The artefact claims commit ${String(result.provenance.commit).slice(0, 40)}, but its run was of ${headSha}.`,
    'Nothing was published. The benchmark must check out the head of the pull request, and measure that.',
  );
}

/** Clocks differ by less. */
const HOUR_MS = 3_600_000;

/** The index is in order of time: what is of the year 9999 would stand first in it for ever. */
function refuseFuture(createdAt: string, nowMs: number): void {
  if (Date.parse(createdAt) <= nowMs + HOUR_MS) return;
  throw new PublishError(
    `The artefact claims to be of ${createdAt.slice(0, 40)}, which is no time up to now.`,
    'Nothing was published. Look at who changed the workflow that made it.',
  );
}

function refusePoison(text: string): void {
  let found: string | undefined;
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (POISON.includes(key)) found = `a key named ${key}`;
      if (Array.isArray(value) && value.length > LONGEST_LIST)
        found = `a list of ${value.length} in ${JSON.stringify(key.slice(0, 40))}`;
      return value;
    });
  } catch (error) {
    // What is no JSON at all, parseResult tells of.
    if (!(error instanceof SyntaxError)) found = 'values nested deeper than can be looked through';
  }
  if (found === undefined) return;
  throw new PublishError(
    `The artefact's result has ${found}, which no result has.`,
    'Nothing was published. Look at who changed the workflow that made it.',
  );
}
