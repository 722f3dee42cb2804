import { join } from 'node:path';
import { execa } from 'execa';
import { DeployError } from '../../errors.ts';
import type { StackPlan, Templates } from './plan.ts';

/** How `stacks/synth.ts` is run: a program and its arguments; from source or from the bundle, as the entry chooses. */
export type SynthCommand = readonly [file: string, ...args: string[]];

/** `stacks/synth.ts` as it is in the repository. */
export function synthFromSource(root: string): SynthCommand {
  return [process.execPath, '--import', import.meta.resolve('tsx/esm'), join(root, 'stacks/synth.ts')];
}

/**
 * The plan's CloudFormation templates, from a process of its own: it is given no credentials, and the CDK's memory goes
 * with it.
 */
export async function synthesize(
  plan: StackPlan,
  { command: [file, ...args], signal }: { readonly command: SynthCommand; readonly signal?: AbortSignal },
): Promise<Templates> {
  const child = await execa(file, args, {
    input: JSON.stringify(plan),
    extendEnv: false,
    // Validation of templates costs 6 s and downloads rules; the tests do it by cfn-lint.
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CDK_VALIDATION: 'false' },
    reject: false,
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (child.failed) {
    throw new DeployError(
      `The stacks could not be synthesized: ${lastWords(child.stderr) || child.shortMessage}`,
      'Mend the variant it names; a reserved environment variable or a name that AWS does not allow are the usual reasons.',
      { cause: child.cause },
    );
  }
  return JSON.parse(child.stdout) as Templates;
}

/** Node prints the error between its source line and its stack; the CDK's own begin with a code in guillemets. */
function lastWords(stderr: string): string {
  return stderr.split('\n').find((line) => /^(\w*Error\b|«)/.test(line)) ?? stderr.trim().slice(-500);
}
