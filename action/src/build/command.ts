import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { BuildError, ConfigError } from '../errors.ts';
import type { BuildCommand, Variant } from '../model.ts';
import { runChild } from '../tools/child.ts';
import type { BuildContext, Package, Prepare, Recipe } from './recipe.ts';
import { requireFolder } from './source-folder.ts';
import { listFiles } from './source-tree.ts';
import { readZip } from './zip.ts';

/**
 * The user's own command, which makes a zip. It is run again when a file of the source folder changed, the zip itself
 * left out; what it reads from elsewhere is not seen to change. It is told the architecture as LAMBDA_ARCHITECTURE.
 */
export const prepareCommand: Prepare = async (variant, context) => {
  requireFolder(variant);
  const command = requireCommand(variant);
  const made = normalize(command.package).replaceAll('\\', '/');
  const all = await listFiles(variant.source);
  return {
    files: all.filter(({ path }) => path !== made),
    flags: [command.run],
    tools: {},
    alone: true, // its zip lies in the source folder, where another variant's may lie, too
    make: () => run(variant, command, context),
  } satisfies Recipe;
};

function requireCommand({ name, command }: Variant): BuildCommand {
  if (command !== undefined) return command;
  throw new ConfigError(
    `Variant ${name} is built by a command and has none.`,
    'Give it command: { run: <shell command>, package: <the zip it makes> }.',
  );
}

async function run(
  { name, source }: Variant,
  command: BuildCommand,
  context: BuildContext,
): Promise<Package> {
  context.say(command.run);
  const { ok, output } = await runChild('/bin/sh', ['-c', command.run], {
    cwd: source,
    env: { LAMBDA_ARCHITECTURE: context.platform.architecture, ...context.env },
    signal: context.signal,
  });
  const path = join(source, command.package);
  if (ok && existsSync(path)) return readZip(name, path);
  const fact = ok ? `made no ${path}` : 'failed';
  throw new BuildError(
    `The command of variant ${name} ${fact}; it says:\n\n${output.trim()}\n`,
    `Run \`${command.run}\` in ${source} by hand until it makes the zip.`,
  );
}
