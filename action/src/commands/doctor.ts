import { join, resolve } from 'node:path';
import { awsOnly } from '../cloud/local/aws-only.ts';
import { linuxOnly } from '../cloud/local/linux-only.ts';
import { run } from '../command.ts';
import { type Arguments, parseArguments } from '../config/arguments.ts';
import { resolveConfig } from '../config/config.ts';
import { ConfigError } from '../errors.ts';
import type { Config } from '../model.ts';
import { styleOf, wantsColour } from '../report/style.ts';
import { toolsFor } from '../tools/tools.ts';
import { type Check, missing, ok } from './doctor/check.ts';
import { checkLocalCloud, checkMachine } from './doctor/machine.ts';
import { checkPackages, checkToolchains, checkTools } from './doctor/programs.ts';
import { checkRepository } from './doctor/repository.ts';

const USAGE = `Usage: npm run doctor -- [options of npm run bench]

Says what a run with these options needs, what of it is here, and what to do about the rest. Builds and installs nothing.

  --json   the same as JSON: an array of { name, status: ok | warning | missing, found, remedy: text or null }

Exit codes: 0 the run can start, 1 something is missing, 2 bad usage.`;

interface Place {
  readonly root: string;
  readonly cwd: string;
}

/** The entry of `npm run doctor`. */
export function main(argv: readonly string[], place: Place): Promise<number> {
  return run(async () => {
    const args = parseArguments(argv, USAGE);
    const checks = await examine(args, place);
    const color = wantsColour(process.stdout, process.env);
    process.stdout.write(args.json ? `${JSON.stringify(checks, null, 2)}\n` : render(checks, color));
    return missingOf(checks).length === 0 ? 0 : 1;
  });
}

/** Everything a run with these arguments needs, in the order in which it would be missed. */
export async function examine(args: Arguments, place: Place): Promise<Check[]> {
  const { config, check } = readConfig(args, place);
  const { variants, root } = config;
  const tools = toolsFor(config, args.target);
  const cacheDir = join(place.root, '.cache');
  const [toolchains, found, machine, repository] = await Promise.all([
    checkToolchains(tools),
    checkTools(tools, cacheDir),
    checkMachine(cacheDir),
    checkRepository(root),
  ]);
  const { checks, paths } = found;
  const packages = await checkPackages(variants, { target: args.target, cacheDir, paths });
  const cloud = args.target === 'local' ? [...(await checkLocalCloud()), ...checkSystem(variants)] : [];
  return [check, ...toolchains, ...repository, ...checks, ...packages, ...machine, ...cloud];
}

/** A config that cannot be read is one of the things to tell, and no reason not to look at the rest. */
function readConfig(
  args: Arguments,
  place: Place,
): { config: Pick<Config, 'root' | 'variants'>; check: Check } {
  try {
    const config = resolveConfig(args, { ...place, now: new Date() });
    const names = config.variants.map(({ name }) => name).join(', ');
    return { config, check: ok('config', `${config.file.path}: ${names}`) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const root = args.root === null ? place.root : resolve(place.cwd, args.root);
    return {
      config: { root, variants: [] },
      check: missing('config', error.message, error.remedy),
    };
  }
}

function checkSystem(variants: Config['variants']): Check[] {
  const unfit = awsOnly(variants) ?? linuxOnly(variants, process.platform);
  if (unfit === null) return [ok('system', process.platform)];
  return [missing('system', unfit.message, unfit.remedy)];
}

const missingOf = (checks: readonly Check[]) => checks.filter(({ status }) => status === 'missing');

export function render(checks: readonly Check[], color: boolean): string {
  const style = styleOf(color);
  const paint = { ok: style.green, warning: style.yellow, missing: style.red };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat('warning'.length + width + 4);
  const lines = checks.flatMap(({ name, status, found, remedy }) => [
    `${paint[status](status.padEnd(7))}  ${name.padEnd(width)}  ${found.replaceAll('\n', `\n${indent}`)}`,
    ...(remedy === null ? [] : [style.dim(`${indent}-> ${remedy.replaceAll('\n', `\n${indent}   `)}`)]),
  ]);
  return `${lines.join('\n')}\n\n${conclusion(checks)}\n`;
}

function conclusion(checks: readonly Check[]): string {
  const names = missingOf(checks).map(({ name }) => name);
  if (names.length > 0) return `npm run bench cannot run: ${names.join(', ')}.`;
  const warnings = checks.filter(({ status }) => status === 'warning').length;
  return `npm run bench can run${warnings === 0 ? '' : `, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}.`;
}
