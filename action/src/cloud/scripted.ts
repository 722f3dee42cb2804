import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../clock.ts';
import { listen } from '../loopback.ts';
import type { Invocation } from '../model.ts';
import type { Deployment, Target } from './cloud.ts';

/** How a variant behaves: every number is given, none is measured. */
export interface Script {
  readonly initMs: number;
  readonly durationMs: number;
  /** What the `nth` request of the variant (1 = first) is answered with; all are 200 unless told otherwise. */
  readonly answer?: (nth: number) => Answer;
}

/** A status to answer with, rubbish instead of HTTP, or no answer ever. */
export type Answer = number | 'garbage' | 'hang';

/** A deployment that answers real HTTP requests on loopback by a script. For tests; it measures nothing. */
export async function scripted(scripts: Readonly<Record<string, Script>>): Promise<Deployment> {
  const variants = new Map(
    Object.entries(scripts).map(([name, script]) => [name, new ScriptedVariant(name, script)]),
  );
  const server = createServer((request, response) => {
    const variant = variants.get(request.url?.split('/')[1] ?? '');
    if (variant === undefined) response.writeHead(404).end();
    else void variant.serve(request, response);
  });
  const port = await listen(server);
  const urlOf = (name: string) => `http://127.0.0.1:${port}/${name}/`;
  return {
    target: TARGET,
    endpoints: new Map([...variants.keys()].map((name) => [name, urlOf(name)])),
    freshEnvironments: async (name) => variants.get(name)?.replaceEnvironments(),
    invocations: async ({ fromMs, toMs }) =>
      [...variants.values()]
        .flatMap((variant) => variant.records)
        .filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs)
        .sort((a, b) => a.timeMs - b.timeMs),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const TARGET: Target = {
  kind: 'scripted',
  label: 'scripted, nothing was measured',
  region: null,
  limits: 'none',
  tools: {},
  warnings: [],
};

interface Environment {
  readonly id: string;
  readonly generation: number;
  invocations: number;
}

class ScriptedVariant {
  readonly records: Invocation[] = [];
  #requests = 0;
  #generation = 0;
  #idle: Environment[] = [];
  readonly #name: string;
  readonly #script: Script;

  constructor(name: string, script: Script) {
    this.#name = name;
    this.#script = script;
  }

  replaceEnvironments(): void {
    this.#generation++;
    this.#idle = [];
  }

  /** One invocation at a time per environment; a request that finds none idle starts one. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = this.#script.answer?.(++this.#requests) ?? 200;
    if (answer === 'hang') return;
    if (answer === 'garbage') {
      request.socket.end('!?');
      return;
    }
    const environment = this.#idle.pop() ?? {
      id: randomUUID(),
      generation: this.#generation,
      invocations: 0,
    };
    const cold = ++environment.invocations === 1;
    await sleep(this.#script.durationMs + (cold ? this.#script.initMs : 0));
    const requestId = this.#record(environment, cold, answer);
    if (environment.generation === this.#generation) this.#idle.push(environment);
    response.writeHead(answer, {
      'x-amzn-requestid': requestId,
      'x-execution-environment': environment.id,
      'x-invocation': String(environment.invocations),
      'server-timing': `s3;dur=1, ddb;dur=2, total;dur=${this.#script.durationMs}`,
    });
    response.end('{}');
  }

  #record(environment: Environment, cold: boolean, status: number): string {
    const { durationMs, initMs } = this.#script;
    const requestId = randomUUID();
    this.records.push({
      ...{ requestId, variant: this.#name, environmentId: environment.id, timeMs: now(), durationMs },
      status: status < 300 ? 'success' : 'error',
      errorType: status < 300 ? null : 'Function.Error',
      billedDurationMs: Math.ceil(durationMs + (cold ? initMs : 0)),
      initDurationMs: cold ? initMs : null,
      ...{ memorySizeMb: 1769, maxMemoryUsedMb: 50, cpuMs: durationMs },
    });
    return requestId;
  }
}
