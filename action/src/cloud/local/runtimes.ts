import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeployError } from '../../errors.ts';
import type { Variant } from '../../model.ts';

/** Tools that have a managed runtime's client. */
export type RuntimeClient = 'awslambdaric' | 'aws-lambda-ric';

const NODE_BOOTSTRAP = fileURLToPath(new URL('./node/bootstrap.mjs', import.meta.url));

/** How a managed runtime starts a function. */
interface Runtime {
  readonly pattern: RegExp;
  /** The tool that has its client, where it needs one. */
  readonly client?: RuntimeClient;
  /** @param client  where that tool is */
  command(handler: string, taskRoot: string, client: string): readonly string[];
}

const runtimes: readonly Runtime[] = [
  {
    pattern: /^provided(\.\w+)?$/,
    command: (_handler, taskRoot) => [join(taskRoot, 'bootstrap')],
  },
  {
    pattern: /^python3\.\d+$/,
    client: 'awslambdaric',
    command: (handler, _taskRoot, python) => [python, '-m', 'awslambdaric', handler],
  },
  {
    pattern: /^nodejs\d+\.x$/,
    client: 'aws-lambda-ric',
    command: (handler, taskRoot, client) => [process.execPath, NODE_BOOTSTRAP, client, taskRoot, handler],
  },
];

/**
 * @param clientAt  where a tool is
 * @throws DeployError for a runtime the local cloud does not have
 */
export function runtimeCommand(
  { runtime, handler }: Pick<Variant, 'runtime' | 'handler'>,
  taskRoot: string,
  clientAt: (client: RuntimeClient) => string,
): readonly string[] {
  const found = runtimeNamed(runtime);
  if (found === undefined) {
    throw new DeployError(
      `The local cloud has no runtime \`${runtime}\`; it has python3.*, nodejs*.x and provided.*.`,
      'Give the variant one of these runtimes, or run it on AWS.',
    );
  }
  return found.command(handler, taskRoot, found.client === undefined ? '' : clientAt(found.client));
}

/** The tool whose client a runtime uses; undefined where the function brings its own. */
export function clientOf(runtime: string): RuntimeClient | undefined {
  return runtimeNamed(runtime)?.client;
}

const runtimeNamed = (runtime: string) => runtimes.find(({ pattern }) => pattern.test(runtime));
