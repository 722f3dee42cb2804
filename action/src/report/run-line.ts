/** The run itself in few words: how long, how much, on what, and which requests were lost. */
import type { Result } from '../result.ts';
import { count, plural } from './units.ts';
import { listed } from './words.ts';

/** `profile pr, 30 blocks, 12,345 requests`: the run in a line. */
export function runLine(result: Result): string {
  const { design, provenance } = result;
  const requests = result.variants.reduce((sum, variant) => sum + variant.requests, 0);
  const commit = provenance.commit === null ? 'no commit' : `commit ${provenance.commit.slice(0, 12)}`;
  return [
    ...partly(result),
    `Profile ${design.profile}`,
    `${plural(design.blocks, 'block')} of ${plural(result.variants.length, 'variant')}`,
    plural(requests, 'request'),
    `${commit}${provenance.dirty ? ' with uncommitted changes' : ''}`,
    ...memories(result),
  ].join(', ');
}

/** What a reader must know first of a run that was killed, or sent by several machines. */
function partly({ design: { partial, shards } }: Result): string[] {
  return [
    ...(partial === null ? [] : [`partial: ${partial.minutes} of ${partial.plannedMinutes} min`]),
    ...(shards === null ? [] : [`merged from ${plural(shards, 'load generator')}`]),
  ];
}

function memories(result: Result): string[] {
  const known = result.variants.flatMap(({ memoryMb, architecture }) =>
    memoryMb === null || architecture === null ? [] : [`${memoryMb} MB ${architecture}`],
  );
  return [...new Set(known)];
}

/** Variants with requests that failed, never ran or left no record: `python: 3 errors and 1 dropped of 6,240 requests`. */
export function losses(result: Result): string[] {
  return result.variants.flatMap(({ name, errors, dropped, unmatched, requests }) => {
    const parts = [
      errors > 0 ? plural(errors, 'error') : '',
      dropped > 0 ? `${count(dropped)} dropped` : '',
      unmatched > 0 ? `${count(unmatched)} without a record` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? [] : [`${name}: ${listed(parts)} of ${plural(requests, 'request')}`];
  });
}
