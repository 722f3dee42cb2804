import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError, UsageAsked } from './errors.ts';

/**
 * What a person typed after a command, by Node's own parser.
 *
 * @param config as for `parseArgs`: the options, and whether there may be other words.
 * @throws ConfigError with `usage` for whatever the options do not allow; UsageAsked with it for `--help`.
 */
export function parseOptions<C extends ParseArgsConfig>(argv: readonly string[], config: C, usage: string) {
  if (argv.includes('--help') || argv.includes('-h')) throw new UsageAsked(usage);
  try {
    return parseArgs<C>({ ...config, args: [...argv] });
  } catch (cause) {
    throw new ConfigError(`${(cause as Error).message.split('. ')[0]}.`, usage, { cause });
  }
}
