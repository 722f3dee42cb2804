import { ConfigError } from '../errors.ts';
import type { Profile } from '../model.ts';
import { fewestBlocks, GATES_OF_A_PAIR, isCold } from './profiles.ts';

const UNITS = { h: 3_600_000, m: 60_000, s: 1000 } as const;
/** No verdict is given on fewer, and the exact test holds no more. */
const [FEWEST_BLOCKS, MOST_BLOCKS] = [fewestBlocks(GATES_OF_A_PAIR), 1000];

/** @returns ms of a length such as `2h`, `90m`, `1h30m` or `45s`; null for what is none. */
export function lengthOf(text: string): number | null {
  const parts = /^(?=\d)(?:(\d{1,3})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/.exec(text);
  if (parts === null) return null;
  const [, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return hours * UNITS.h + minutes * UNITS.m + seconds * UNITS.s;
}

/** Leaves time to build, wait and deploy (`cloud/aws/names.ts`: expiry). */
const LONGEST_ON_AWS_MS = 4 * UNITS.h;

/** @returns what is wrong with a load of this length on AWS; null for nothing. */
export function tooLongOnAws(what: string, lengthMs: number): string | null {
  if (lengthMs <= LONGEST_ON_AWS_MS) return null;
  return `${what} is longer than 4h, and what a run deploys on AWS is deleted 8h after it began.`;
}

/**
 * Throws ConfigError for a profile that takes too long on AWS.
 *
 * @param slots slots of a block, one a variant.
 */
export function requireTimeOnAws({ blocks, slotSeconds }: Profile, slots: number): void {
  const lengthMs = Math.round(blocks * slotSeconds * slots) * UNITS.s;
  const fault = tooLongOnAws(`A load of ${textOf(lengthMs)}`, lengthMs);
  if (fault === null) return;
  throw new ConfigError(
    fault,
    'Lower load.blocks or load.slotSeconds in the config, choose fewer variants (--variants), or give --duration.',
  );
}

/**
 * The profile with as many blocks as a load of this length holds: whole blocks, so it may end up to half a block apart.
 *
 * @param slots slots of a block, one a variant.
 * @throws ConfigError for a length that gives no verdict, or more blocks than a test can hold.
 */
export function lasting(profile: Profile, lengthMs: number, slots: number): Profile {
  const blockMs = profile.slotSeconds * 1000 * slots;
  const blocks = Math.round(lengthMs / blockMs);
  if (blocks >= FEWEST_BLOCKS && blocks <= MOST_BLOCKS) return { ...profile, blocks };
  const counted = `${blocks} ${blocks === 1 ? 'block' : 'blocks'} of ${textOf(blockMs)}`;
  throw new ConfigError(
    `--duration ${textOf(lengthMs)} makes ${counted}; a run has ${FEWEST_BLOCKS} to ${MOST_BLOCKS}.`,
    `With this profile and these variants give ${textOf(FEWEST_BLOCKS * blockMs)} to ${textOf(MOST_BLOCKS * blockMs)}, or ${isCold(profile) ? 'another profile' : 'set load.slotSeconds in the config'}.`,
  );
}

function textOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join('') || '0s';
}
