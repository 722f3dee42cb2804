import { randomUUID } from 'node:crypto';
import { Environment } from './environment.ts';
import type { Answer, FunctionSpec, Report } from './execution.ts';
import type { Fault } from './faults.ts';
import type { Limits } from './limits.ts';

export interface PoolOptions {
  readonly spec: FunctionSpec;
  readonly limits: Limits;
  /** Invocations in flight beyond which requests are throttled. */
  readonly maxConcurrency: number;
  report(report: Report): void;
}

interface Request {
  readonly requestId: string;
  readonly event: string;
  readonly answer: (answer: Answer) => void;
}

/** An environment that has answered is taken to be ready soon, for this long. */
const returningMs = 20;
/** After a failed init, requests fail at once for this long instead of starting the same failure again. */
const initBackoffMs = 1000;
const memoryWatchMs = 250;
/** For an invocation in flight when its environment is to be replaced. */
const replacementGraceMs = 2000;

/**
 * The execution environments of one function. A request gets the environment that has been idle longest, so that
 * all of a burst get their share of load; when there is none it starts one and stays with it, as on Lambda.
 */
export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  /** Requests by the starting environment that is for them. */
  readonly #bound = new Map<Environment, Request>();
  /** Starting environments that are to end after the one request they start for. */
  readonly #retired = new Set<Environment>();
  /** Requests for environments that are about to be ready again. */
  readonly #waiting: Request[] = [];
  #inFlight = 0;
  #broken: { readonly until: number; readonly fault: Fault } | null = null;
  #reconsideration: NodeJS.Timeout | undefined;
  readonly #memoryWatch: NodeJS.Timeout;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#memoryWatch = setInterval(() => this.#watchMemory(), memoryWatchMs).unref();
  }

  /** @returns false when it is throttled; otherwise `answer` is called once. */
  invoke(requestId: string, event: string, answer: (answer: Answer) => void): boolean {
    if (this.#inFlight >= this.#options.maxConcurrency) return false;
    this.#inFlight += 1;
    const leave = (given: Answer) => {
      this.#inFlight -= 1;
      answer(given);
    };
    this.#place({ requestId, event, answer: leave });
    return true;
  }

  /** Starts one environment and waits for its init; its fault when init failed. */
  async tryInit(): Promise<Fault | null> {
    const fault = await new Promise<Fault | null>((resolve) => this.#start(null, resolve));
    this.#broken = null;
    return fault;
  }

  /**
   * Ends all environments and waits until their processes are gone; what is in flight may finish (2 s at most). One
   * that still starts for a request serves that request alone and ends then, unwaited for: placed anew, the request
   * would open an environment that later ones share.
   */
  async freshEnvironments(): Promise<void> {
    this.#idle.length = 0;
    const [starting, others] = [
      [...this.#bound.keys()],
      [...this.#environments].filter((old) => !this.#bound.has(old)),
    ];
    for (const environment of starting) this.#retired.add(environment);
    await Promise.all(others.map((environment) => environment.end(replacementGraceMs)));
  }

  /** Waits (at most 1 s) until every answered invocation has been reported. */
  async settled(): Promise<void> {
    for (let attempt = 0; attempt < 100 && this.#returning(Number.POSITIVE_INFINITY) > 0; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#memoryWatch);
    clearTimeout(this.#reconsideration);
    await Promise.all([...this.#environments].map((environment) => environment.end()));
    for (const request of this.#waiting.splice(0)) this.#place(request);
  }

  #place(request: Request): void {
    const environment = this.#idle.shift();
    const fault = this.#refusal();
    if (environment !== undefined) environment.invoke(request.requestId, request.event, request.answer);
    else if (fault !== null) request.answer({ ok: false, fault });
    else if (this.#waiting.length < this.#returning(returningMs)) this.#wait(request);
    else this.#start(request);
  }

  #refusal(): Fault | null {
    if (this.#closed) return { errorType: 'ServiceException', errorMessage: 'The local cloud is closing.' };
    return this.#broken !== null && performance.now() < this.#broken.until ? this.#broken.fault : null;
  }

  #wait(request: Request): void {
    this.#waiting.push(request);
    this.#reconsideration ??= setTimeout(() => this.#reconsider(), returningMs);
  }

  /** Who has waited in vain for an environment to be ready again gets one of its own. */
  #reconsider(): void {
    this.#reconsideration = undefined;
    for (const request of this.#waiting.splice(0)) this.#place(request);
  }

  #returning(withinMs: number): number {
    const since = performance.now() - withinMs;
    let count = 0;
    for (const environment of this.#environments) {
      if (environment.state === 'returning' && environment.answeredAt >= since) count++;
    }
    return count;
  }

  #start(request: Request | null, initEnded: (fault: Fault | null) => void = () => {}): void {
    const { spec, limits, report } = this.#options;
    const id = randomUUID().replaceAll('-', '');
    const environment = new Environment(id, spec, limits.enclose(id, spec.memoryMb), {
      report,
      idle: () => {
        initEnded(null);
        this.#serve(environment);
      },
      gone: (fault) => {
        initEnded(fault);
        this.#lost(environment, fault);
      },
    });
    this.#environments.add(environment);
    if (request !== null) this.#bound.set(environment, request);
  }

  #serve(environment: Environment): void {
    const request = this.#bound.get(environment) ?? this.#waiting.shift();
    this.#bound.delete(environment);
    if (request === undefined) this.#idle.push(environment);
    else environment.invoke(request.requestId, request.event, request.answer);
    if (this.#retired.delete(environment)) void environment.end(replacementGraceMs);
  }

  /** A failed init fails the request that it was for; a start that was ended by us leaves it to be placed again. */
  #lost(environment: Environment, fault: Fault | null): void {
    this.#environments.delete(environment);
    this.#retired.delete(environment);
    const at = this.#idle.indexOf(environment);
    if (at >= 0) this.#idle.splice(at, 1);
    const request = this.#bound.get(environment);
    this.#bound.delete(environment);
    if (fault !== null) this.#broken = { until: performance.now() + initBackoffMs, fault };
    if (request === undefined) return;
    if (fault === null) this.#place(request);
    else this.#failInit(request, environment, fault);
  }

  #failInit(request: Request, environment: Environment, fault: Fault): void {
    request.answer({ ok: false, fault });
    this.#options.report({
      requestId: request.requestId,
      environmentId: environment.id,
      endMs: Date.now(),
      fault,
      durationMs: 0,
      initMs: null,
      cpuMs: null,
      peakMemoryMb: 0,
    });
  }

  #watchMemory(): void {
    for (const environment of this.#environments) environment.watchMemory();
  }
}
