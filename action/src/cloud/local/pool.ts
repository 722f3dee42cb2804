import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { now } from '../../clock.ts';
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
 * Environments that may start at the same time. On Lambda each start has a CPU of its own; here starts share the cores
 * with everything that runs, and unlimited ones feed on themselves: they slow invocations down, which makes more
 * requests wait, which starts more (seen: 100 requests/s of 4 ms each never recovered from one hiccup).
 */
const startingLimit = 2 * availableParallelism();

/**
 * The execution environments of one function. A request gets the environment that has been idle longest, so that all
 * of a burst get their share of load; when there is none, one more is started for it, and it waits for that.
 */
export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #queue: Request[] = [];
  /** Environments that were starting when they were replaced, and the requests that waited for them then. */
  readonly #retired = new Set<Environment>();
  readonly #late: Request[] = [];
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
    const fault = await new Promise<Fault | null>((resolve) => this.#start(resolve));
    this.#broken = null;
    return fault;
  }

  /**
   * Ends all environments and waits until their processes are gone; what is in flight may finish (2 s at most). Who
   * waits for an environment that is still starting gets that one, which then ends, unwaited for: placed anew, the
   * request would open an environment that later ones share.
   */
  async freshEnvironments(): Promise<void> {
    this.#idle.length = 0;
    this.#late.push(...this.#queue.splice(0));
    if (this.#late.length > 0 && this.#starting().length === 0) this.#start();
    const starting = this.#starting();
    for (const environment of starting) this.#retired.add(environment);
    for (const unwanted of starting.slice(this.#late.length)) void unwanted.end();
    const others = [...this.#environments].filter((environment) => !starting.includes(environment));
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
    for (const request of [...this.#queue.splice(0), ...this.#late.splice(0)]) this.#place(request);
  }

  #place(request: Request): void {
    const environment = this.#takeIdle();
    const fault = this.#refusal();
    if (environment !== undefined) environment.invoke(request.requestId, request.event, request.answer);
    else if (fault !== null) request.answer({ ok: false, fault });
    else {
      this.#queue.push(request);
      this.#scaleOut();
    }
  }

  /** One whose process ended while it was idle stays here until its room is cleared away. */
  #takeIdle(): Environment | undefined {
    let environment = this.#idle.shift();
    while (environment?.state === 'gone') environment = this.#idle.shift();
    return environment;
  }

  #refusal(): Fault | null {
    if (this.#closed) return { errorType: 'ServiceException', errorMessage: 'The local cloud is closing.' };
    return this.#broken !== null && performance.now() < this.#broken.until ? this.#broken.fault : null;
  }

  /** Starts what the queue lacks; who waits for one that is about to be ready again is looked at again shortly. */
  #scaleOut(): void {
    if (this.#closed) return;
    const returning = this.#returning(returningMs);
    const starting = this.#toCome();
    const lacking = Math.min(this.#queue.length - returning - starting, startingLimit - starting);
    for (let started = 0; started < lacking; started++) this.#start();
    if (returning > 0) this.#reconsideration ??= setTimeout(() => this.#reconsider(), returningMs);
  }

  #reconsider(): void {
    this.#reconsideration = undefined;
    if (this.#queue.length > 0) this.#scaleOut();
  }

  #starting(): Environment[] {
    return [...this.#environments].filter((environment) => environment.state === 'starting');
  }

  /** Environments that are starting, for requests that wait. */
  #toCome(): number {
    return this.#starting().filter((environment) => !this.#retired.has(environment)).length;
  }

  #returning(withinMs: number): number {
    const since = performance.now() - withinMs;
    let count = 0;
    for (const environment of this.#environments) {
      if (environment.state === 'returning' && environment.answeredAt >= since) count++;
    }
    return count;
  }

  #start(initEnded: (fault: Fault | null) => void = () => {}): Environment {
    const { spec, limits, report } = this.#options;
    const id = randomUUID().replaceAll('-', '');
    const environment = new Environment(id, spec, limits.enclose(id, spec.memoryMb), {
      report,
      idle: () => {
        const isNew = environment.answeredAt === 0;
        if (isNew) initEnded(null);
        this.#serve(environment, isNew);
      },
      gone: (fault) => {
        initEnded(fault);
        this.#lost(environment, fault);
      },
    });
    this.#environments.add(environment);
    return environment;
  }

  /** Whoever waits for a start that is under way gets that environment; one that was there before serves the others. */
  #serve(environment: Environment, isNew: boolean): void {
    const retired = this.#retired.has(environment);
    const waiting = retired ? this.#late : this.#queue;
    const [request] = waiting.splice(isNew || retired ? 0 : this.#toCome(), 1);
    if (request !== undefined) environment.invoke(request.requestId, request.event, request.answer);
    else if (!retired) this.#idle.push(environment);
    if (retired && this.#late.length === 0) for (const old of this.#retired) void old.end(replacementGraceMs);
    // Where an init has ended another may begin.
    if (this.#queue.length > 0) this.#scaleOut();
  }

  /** A failed init fails the request that waited longest for it; when nobody else can serve the rest, them too. */
  #lost(environment: Environment, fault: Fault | null): void {
    this.#environments.delete(environment);
    const at = this.#idle.indexOf(environment);
    if (at >= 0) this.#idle.splice(at, 1);
    const isRetired = this.#retired.delete(environment);
    const waiting = isRetired ? this.#late : this.#queue;
    if (fault === null) {
      if (isRetired) this.#startForLate();
      else if (waiting.length > 0) this.#scaleOut();
      return;
    }
    this.#broken = { until: performance.now() + initBackoffMs, fault };
    const others = isRetired ? this.#retired.size : this.#environments.size - this.#retired.size;
    const doomed = others === 0 ? waiting.splice(0) : waiting.splice(0, 1);
    for (const request of doomed) this.#failInit(request, environment, fault);
  }

  /** Who waited for environments that all ended in the requests of others gets one more, which ends like them. */
  #startForLate(): void {
    if (!this.#closed && this.#late.length > 0 && this.#retired.size === 0) this.#retired.add(this.#start());
  }

  #failInit(request: Request, environment: Environment, fault: Fault): void {
    request.answer({ ok: false, fault });
    this.#options.report({
      requestId: request.requestId,
      environmentId: environment.id,
      endMs: now(),
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
