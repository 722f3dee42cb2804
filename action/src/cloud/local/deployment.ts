import type { Invocation, Warning } from '../../model.ts';
import type { Deployment, Target } from '../cloud.ts';
import type { FunctionPool } from './pool.ts';
import type { Records } from './records.ts';
import type { Teardown } from './teardown.ts';

export interface DeployedFunction {
  readonly url: string;
  readonly pool: FunctionPool;
}

export class LocalDeployment implements Deployment {
  readonly target: Target;
  readonly endpoints: ReadonlyMap<string, string>;
  readonly #functions: ReadonlyMap<string, DeployedFunction>;
  readonly #records: Records;
  readonly #teardown: Teardown;

  constructor(parts: {
    readonly target: Target;
    readonly functions: ReadonlyMap<string, DeployedFunction>;
    readonly records: Records;
    readonly teardown: Teardown;
  }) {
    this.target = parts.target;
    this.#functions = parts.functions;
    this.#records = parts.records;
    this.#teardown = parts.teardown;
    this.endpoints = new Map([...parts.functions].map(([name, { url }]) => [name, url]));
  }

  async freshEnvironments(variant: string): Promise<void> {
    const deployed = this.#functions.get(variant);
    if (deployed === undefined) throw new RangeError(`no variant ${variant} is deployed`);
    await deployed.pool.freshEnvironments();
  }

  async invocations(window: { readonly fromMs: number; readonly toMs: number }): Promise<Invocation[]> {
    await this.#settled();
    return this.#records.within(window.fromMs, window.toMs);
  }

  async takeInvocations(window: { readonly fromMs: number; readonly toMs: number }): Promise<Invocation[]> {
    await this.#settled();
    return this.#records.take(window.fromMs, window.toMs);
  }

  async #settled(): Promise<void> {
    await Promise.all([...this.#functions.values()].map(({ pool }) => pool.settled()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#teardown[Symbol.asyncDispose]();
  }
}

/** A server that died during the run: functions go on, and answer errors. */
export function serverDied(name: string, lastWords: string): Warning {
  const time = new Date().toISOString();
  return {
    code: 'server-died',
    message: `${name} ended by itself at ${time}; calls to it failed from then on.`,
    data: { server: name, time, lastWords },
  };
}
