import { ConfigError } from '../../errors.ts';
import type { BuildKind, Variant } from '../../model.ts';

/** Built for Lambda's Linux, whatever machine they are built on. */
const LINUX_BINARIES: readonly BuildKind[] = ['cargo-lambda', 'maturin', 'go'];

/** What is wrong with running these variants on the local cloud of this system; null for nothing. */
export function linuxOnly(
  variants: readonly Pick<Variant, 'name' | 'build'>[],
  platform: NodeJS.Platform,
): ConfigError | null {
  const names = variants.filter(({ build }) => LINUX_BINARIES.includes(build)).map(({ name }) => name);
  if (platform === 'linux' || names.length === 0) return null;
  return new ConfigError(
    `${names.join(', ')} ${names.length === 1 ? 'is a Linux binary' : 'are Linux binaries'}, and this is ${platform}: the local cloud cannot run ${names.length === 1 ? 'it' : 'them'}.`,
    'Choose other variants (--variants), or run in a Linux machine or on AWS (--target aws).',
  );
}
