import { join } from 'node:path';
import { awsLambda, thisMachine } from './build/platform.ts';
import { localCloud } from './cloud/local/local.ts';
import { run } from './command.ts';
import { failedGates } from './compare/gates.ts';
import { type Arguments, parseArguments, type Target, USAGE } from './config/arguments.ts';
import { resolveConfig } from './config/config.ts';
import type { Config } from './model.ts';
import { pipeline } from './pipeline.ts';
import { stderrProgress } from './progress.ts';
import { writeFiles } from './publish/files.ts';
import { serialize } from './report/json.ts';
import { renderTerminal } from './report/terminal.ts';
import type { Result } from './result.ts';
import { ensureTools, toolsFor } from './tools/tools.ts';

/** The terminal entry, `npm run bench`: a cloud by `--target`, and files. Resolves to the exit code. */
export function main(argv: readonly string[], place: { root: string; cwd: string }): Promise<number> {
  return run(async (signal) => {
    const args = parseArguments(argv);
    if (args.help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const config = resolveConfig(args, { ...place, now: new Date() });
    const result = await bench(config, args.target, signal);
    summarise(result, args, config);
    return failedGates(result).length > 0 ? 3 : 0;
  });
}

async function bench(config: Config, target: Target, signal: AbortSignal): Promise<Result> {
  const progress = stderrProgress();
  const cacheDir = join(config.root, '.cache');
  // First, as it also takes secrets out of what every child inherits; loaded only when wanted, for its clients are large.
  const aws =
    target === 'aws'
      ? await (await import('./cloud/aws/from-terminal.ts')).awsFromTerminal(config, { progress, signal })
      : null;
  const tools = await ensureTools(toolsFor(config, target), { cacheDir, progress, signal });
  const cloud = aws ?? localCloud({ tools, progress, signal });
  const platform = target === 'aws' ? awsLambda : thisMachine;
  const publish = (result: Result, report: string) => writeFiles(config.outDir, result, report);
  return pipeline(config, { cloud, publish, platform, tools, cacheDir, progress, signal });
}

function summarise(result: Result, args: Arguments, config: Config): void {
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(
    args.json ? serialize(result) : renderTerminal(result, { color, width: process.stdout.columns ?? 100 }),
  );
  process.stderr.write(
    `\n${failedGates(result)
      .map((gate) => `gate failed: ${gate}\n`)
      .join('')}report: ${join(config.outDir, 'report.md')}\n`,
  );
}
