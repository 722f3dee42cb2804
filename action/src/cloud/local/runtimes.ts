import { join } from 'node:path';
import { DeployError } from '../../errors.ts';

/** How a managed runtime starts a function. */
interface Runtime {
  readonly pattern: RegExp;
  command(handler: string, taskRoot: string, python: string): readonly string[];
}

const runtimes: readonly Runtime[] = [
  {
    pattern: /^provided(\.\w+)?$/,
    command: (_handler, taskRoot) => [join(taskRoot, 'bootstrap')],
  },
  {
    pattern: /^python3\.\d+$/,
    command: (handler, _taskRoot, python) => [python, '-m', 'awslambdaric', handler],
  },
];

/**
 * @param python  interpreter of the environment that has `awslambdaric`
 * @throws DeployError for a runtime the local cloud does not have
 */
export function runtimeCommand(
  runtime: string,
  handler: string,
  taskRoot: string,
  python: string,
): readonly string[] {
  const found = runtimes.find(({ pattern }) => pattern.test(runtime));
  if (found === undefined) {
    throw new DeployError(
      `The local cloud has no runtime \`${runtime}\`; it has python3.* and provided.*.`,
      'Give the variant one of these runtimes, or run it on AWS.',
    );
  }
  return found.command(handler, taskRoot, python);
}

export function isPython(runtime: string): boolean {
  return runtime.startsWith('python');
}
