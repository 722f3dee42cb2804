/** SnapStart: which runtimes have it, and how many published versions a run uses up of a function that has it. */
import { ConfigError } from '../errors.ts';
import type { Profile, Variant } from '../model.ts';

/** The oldest version of each family of managed runtimes that has it (Lambda developer guide, "Lambda SnapStart"). */
const SINCE: Readonly<Record<string, readonly [major: number, minor: number]>> = {
  java: [11, 0],
  python: [3, 12],
  dotnet: [8, 0],
};

/** @param runtime Lambda runtime identifier, e.g. `python3.13` or `java21` */
export function hasSnapStart(runtime: string): boolean {
  const [, family = '', major, minor = 0] = /^([a-z]+)(\d+)(?:\.(\d+))?/.exec(runtime) ?? [];
  const since = Object.hasOwn(SINCE, family) ? SINCE[family] : undefined;
  if (since === undefined) return false;
  return Number(major) > since[0] || (Number(major) === since[0] && Number(minor) >= since[1]);
}

/** Each takes Lambda minutes, one after the other: more of them than anybody waits for are no plan. */
const MOST_REPLACEMENTS = 20;

/** How often the environments of a variant are replaced while load is sent. */
function replacements({ freshEnvironments, blocks }: Profile): number {
  return freshEnvironments ? blocks : 1;
}

/**
 * Published versions that each function with SnapStart needs, because the environments of a version cannot be replaced:
 * one for the pilot, and one for every block that is the function's turn (`Deployment.alternates`).
 */
export function versionsNeeded(profile: Profile): number {
  return 1 + Math.ceil(replacements(profile) / 2);
}

/** What is wrong with measuring these variants by the profile on AWS; null for nothing. */
export function tooManyVersions(
  variants: readonly Pick<Variant, 'name' | 'snapStart'>[],
  profile: Profile,
): ConfigError | null {
  const names = variants.filter(({ snapStart }) => snapStart === true).map(({ name }) => name);
  if (names.length === 0 || replacements(profile) <= MOST_REPLACEMENTS) return null;
  return new ConfigError(
    `Profile ${profile.name} replaces environments in each of its ${profile.blocks} blocks; with SnapStart (${names.join(', ')}) at most ${MOST_REPLACEMENTS} blocks are allowed, because Lambda takes minutes to publish the version that each needs.`,
    `Set load.blocks to ${MOST_REPLACEMENTS} or less in the config (8 are enough for a verdict), choose --profile soak, which keeps environments, or leave these variants out (--variants).`,
  );
}
