import { join } from 'node:path';
import { bench } from './bench.ts';
import { hideSecrets } from './cloud/aws/secrets.ts';
import { run } from './command.ts';
import { failedGates } from './compare/gates.ts';
import { type Arguments, parseArguments } from './config/arguments.ts';
import { resolveConfig } from './config/config.ts';
import type { Config } from './model.ts';
import { preflight } from './preflight.ts';
import { type Progress, stderrProgress } from './progress.ts';
import { writeFiles } from './publish/files.ts';
import { summarise } from './summarise.ts';

interface Context {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The terminal entry, `npm run bench`: a cloud by `--target`, and files. Resolves to the exit code. */
export function main(argv: readonly string[], place: { root: string; cwd: string }): Promise<number> {
  return run(async (signal) => {
    const args = parseArguments(argv);
    const context = { progress: stderrProgress(), signal };
    const { config, aws } = await prepared(args, resolveConfig(args, { ...place, now: new Date() }), context);
    const result = await bench(config, aws, {
      ...context,
      cacheDir: join(place.root, '.cache'),
      publish: (finished, report) => writeFiles(config.outDir, finished, report),
    });
    summarise(result, config.outDir, args.json);
    return failedGates(result).length > 0 ? 3 : 0;
  });
}

/** The account comes first, as it also takes secrets out of what every child inherits; its clients are large. */
async function prepared(args: Arguments, config: Config, context: Context) {
  if (args.target === 'local') {
    // A build runs whatever its packages bring, and nothing of a local run has need of an account.
    hideSecrets(process.env);
    return { config, aws: null };
  }
  const { awsFromTerminal } = await import('./cloud/aws/from-terminal.ts');
  const { lambda, cloud } = await awsFromTerminal(config, context);
  const { progress } = context;
  const { config: fitted, warnings } = await preflight(config, {
    lambda,
    budgetUsd: args.budgetUsd,
    progress,
  });
  return { config: fitted, aws: { cloud, warnings } };
}
