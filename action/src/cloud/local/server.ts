import { DeployError } from '../../errors.ts';
import { freePort } from '../../loopback.ts';
import { Child } from './child.ts';
import { listensOn } from './listener.ts';

/** A server program that others wrote, run on a loopback port for the time of a deployment. */
export interface ServerProgram {
  /** What it stands for and what it is, e.g. `S3 (gofakes3)`. */
  readonly name: string;
  argv(port: number): readonly string[];
  /** Makes what the functions need; rejects while the server is not up. */
  prepare(endpoint: string): Promise<void>;
}

export interface RunningServer {
  readonly endpoint: string;
  /** Resolves with its last words when it ends without being asked to. */
  readonly died: Promise<string>;
  end(): Promise<void>;
}

export interface ServerOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** For tests: the ports to try. */
  pickPort?(): Promise<number>;
}

const attempts = 5;
const readyTimeoutMs = 10_000;
const endGraceMs = 500;

/** @throws DeployError when no port could be had, or the program does not come up. */
export async function startServer(program: ServerProgram, options: ServerOptions): Promise<RunningServer> {
  const ports: number[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = await (options.pickPort ?? freePort)();
    ports.push(port);
    const server = await tryPort(program, options, port);
    if (server !== 'port taken') return server;
  }
  throw new DeployError(
    `${program.name} found every port taken that it was given on 127.0.0.1: ${ports.join(', ')}.`,
    'Something takes ports as fast as they are chosen; end it, or run again.',
  );
}

async function tryPort(program: ServerProgram, options: ServerOptions, port: number) {
  const child = new Child({ argv: program.argv(port), cwd: options.cwd, env: options.env });
  try {
    await untilReady(program, child, port);
    return running(child, `http://127.0.0.1:${port}`);
  } catch (cause) {
    await child.end();
    const words = await child.lastWords();
    if (/already in use/i.test(words)) return 'port taken';
    throw new DeployError(
      `${program.name} did not come up on 127.0.0.1:${port}. Its last words: ${words || '(none)'}`,
      'Run it by hand with the same arguments to see why, or delete its folder under .cache/tools to have it installed again.',
      { cause },
    );
  }
}

async function untilReady(program: ServerProgram, child: Child, port: number): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (child.exit !== null) throw new Error('it ended');
    try {
      // What answers there may be another program, which took the port first.
      if (listensOn(child.pid as number, port) === false) throw new Error('it does not listen');
      await program.prepare(`http://127.0.0.1:${port}`);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

function running(child: Child, endpoint: string): RunningServer {
  let asked = false;
  return {
    endpoint,
    died: new Promise((resolve) => {
      child.exited.then(async () => asked || resolve(await child.lastWords()));
    }),
    async end() {
      asked = true;
      await child.end(endGraceMs);
    },
  };
}
