import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { Child, type Exit } from './child.ts';
import type { Answer, EnvironmentObserver, FunctionSpec } from './execution.ts';
import { exited, type Fault, outOfMemory, reported, responseTooLarge, timedOut } from './faults.ts';
import type { Enclosure } from './limits.ts';
import { payloadLimitBytes } from './payload.ts';
import { type RuntimeApi, type RuntimeEvent, type RuntimeListener, runtimeApi } from './runtime-api.ts';
import { Usage } from './usage.ts';
import { Work } from './work.ts';

/**
 * Starts take turns, one a core, over all functions: on Lambda each has a CPU of its own, and starts that share a core
 * would be measured as slower than they are (seen: an init of 0.55 s took 1.2 s when four shared two cores).
 */
const inTurn = pLimit(availableParallelism());

type State = 'starting' | 'idle' | 'busy' | 'returning' | 'gone';

/** One execution environment: one child process and the Runtime API endpoint it speaks to. */
export class Environment {
  readonly id: string;
  state: State = 'starting';
  /** When it answered last (performance.now()); 0 before the first time. */
  answeredAt = 0;
  readonly #spec: FunctionSpec;
  readonly #observer: EnvironmentObserver;
  readonly #enclosure: Enclosure;
  #api: RuntimeApi | null = null;
  #child: Child | null = null;
  readonly #usage = new Usage();
  #give: ((event: RuntimeEvent) => void) | null = null;
  #work: Work | null = null;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = performance.now();
  #initMs: number | null = null;
  /** Why we killed it ourselves. */
  #verdict: ((requestId: string) => Fault) | null = null;
  #initFault: Fault | null = null;
  #endWhenIdle = false;
  #endInit = () => {};
  readonly #gone: Promise<void>;

  constructor(id: string, spec: FunctionSpec, enclosure: Enclosure, observer: EnvironmentObserver) {
    this.id = id;
    this.#spec = spec;
    this.#enclosure = enclosure;
    this.#observer = observer;
    this.#gone = this.#live();
  }

  /** Only in state `idle`. */
  invoke(requestId: string, body: string, answer: (answer: Answer) => void): void {
    this.state = 'busy';
    const seconds = this.#spec.timeoutSeconds;
    this.#arm(seconds, (id) => timedOut(id, seconds));
    const deadlineMs = Math.round(Date.now() + seconds * 1000);
    const event = { requestId, deadlineMs, functionArn: this.#spec.arn, body };
    this.#work = new Work(event, answer);
    this.#give?.(event);
    this.#give = null;
  }

  /** Ends it and waits until its processes are gone; `graceMs` for the invocation in flight. */
  async end(graceMs = 0): Promise<void> {
    this.#endWhenIdle = true;
    const patience = setTimeout(() => this.#child?.kill('SIGKILL'), graceMs);
    if (this.#work === null || graceMs === 0) this.#child?.kill('SIGKILL');
    await this.#gone;
    clearTimeout(patience);
  }

  /** Kills it when it has outgrown its memory; called on a slow timer. */
  watchMemory(): void {
    if (this.state === 'gone') return;
    if (this.#usage.readMemory() > this.#spec.memoryMb) this.#kill(outOfMemory);
  }

  async #live(): Promise<void> {
    try {
      this.#api = await runtimeApi(this.#listener());
      const { address } = this.#api;
      const child = await inTurn(() => this.#init(address));
      await child?.exited;
      await this.#bury(child);
    } catch (error) {
      // The system refused us a port or a process.
      this.#api?.close();
      this.state = 'gone';
      this.#observer.gone({ errorType: 'ServiceException', errorMessage: String(error) });
    }
  }

  #listener(): RuntimeListener {
    return {
      next: (give) => this.#next(give),
      response: (requestId, body) => this.#response(requestId, body),
      error: (requestId, errorType, body) => this.#error(requestId, errorType, body),
      initError: (errorType, body) => this.#initError(errorType, body),
    };
  }

  /** Null when it was to end before its turn came. */
  async #init(address: string): Promise<Child | null> {
    if (this.#endWhenIdle) return null;
    const child = this.#start(address);
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#endInit = resolve;
      }),
      child.exited,
    ]);
    return child;
  }

  #start(address: string): Child {
    this.#startedAt = performance.now();
    const child = new Child({
      argv: this.#spec.command,
      cwd: this.#spec.taskRoot,
      env: { ...this.#spec.env, AWS_LAMBDA_RUNTIME_API: address, AWS_LAMBDA_LOG_STREAM_NAME: this.id },
      enter: this.#enclosure.enter,
      wrapper: this.#enclosure.wrapper,
    });
    this.#child = child;
    child.started.then((started) => this.#started(started));
    const seconds = this.#spec.initTimeoutSeconds;
    this.#arm(seconds, (id) => timedOut(id, seconds));
    if (this.#endWhenIdle) child.kill('SIGKILL');
    return child;
  }

  #started(started: { readonly pid: number; readonly at: number } | null): void {
    if (started === null || this.state === 'gone') return;
    // The launcher's own 1-2 ms are not the function's.
    this.#startedAt = started.at;
    this.#usage.attach(started.pid, this.state === 'starting');
  }

  #next(give: (event: RuntimeEvent) => void): void {
    // Its endpoint hangs up when it is gone; whatever is heard of it nevertheless must not make it idle.
    if (this.state === 'gone') return;
    // A client that has not answered is told the same event again, as by AWS's own emulator (its core/states.go).
    if (this.state === 'busy') {
      give(this.#work!.event);
      return;
    }
    this.#give = give;
    if (this.state === 'idle') return;
    const cpuMs = this.#usage.takeCpuMs();
    if (this.state === 'starting') this.#initMs = performance.now() - this.#startedAt;
    this.#endInit();
    clearTimeout(this.#timer);
    this.#settle(cpuMs);
    this.state = 'idle';
    if (this.#endWhenIdle) this.#child?.kill('SIGKILL');
    else this.#observer.idle();
  }

  #response(requestId: string, body: Buffer): boolean {
    if (this.#work?.requestId !== requestId || this.state !== 'busy') return false;
    if (this.#usage.readMemory() > this.#spec.memoryMb) {
      this.#kill(outOfMemory);
      return true;
    }
    const tooLarge = body.length > payloadLimitBytes ? responseTooLarge(requestId, payloadLimitBytes) : null;
    this.#answer(this.#work, tooLarge, body);
    return true;
  }

  #error(requestId: string, errorType: string, body: Buffer): boolean {
    if (this.#work?.requestId !== requestId || this.state !== 'busy') return false;
    this.#usage.readMemory();
    this.#answer(this.#work, reported(errorType, body), body);
    return true;
  }

  /** The client says why its init failed; it ends by itself, or we end it. */
  #initError(errorType: string, body: Buffer): void {
    this.#initFault = reported(errorType, body);
    setTimeout(() => this.#child?.kill('SIGKILL'), 100).unref();
  }

  #answer(work: Work, fault: Fault | null, body: Buffer): void {
    this.state = 'returning';
    this.answeredAt = performance.now();
    work.end(this.answeredAt, fault, body);
  }

  /** Reports the invocation that has ended. */
  #settle(cpuMs: number | null): void {
    const work = this.#work;
    if (work === null) return;
    this.#work = null;
    this.#observer.report({
      ...work.report(),
      environmentId: this.id,
      initMs: this.#takeInit(),
      cpuMs,
      peakMemoryMb: this.#usage.peakMemoryMb,
    });
  }

  /** Init Duration stands in the environment's first report only. */
  #takeInit(): number | null {
    const initMs = this.#initMs;
    this.#initMs = null;
    return initMs;
  }

  #arm(seconds: number, verdict: (requestId: string) => Fault): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#kill(verdict), seconds * 1000);
  }

  #kill(verdict: (requestId: string) => Fault): void {
    this.#verdict ??= verdict;
    this.#usage.readLast();
    this.#child?.kill('SIGKILL');
  }

  async #bury(child: Child | null): Promise<void> {
    clearTimeout(this.#timer);
    const inInit = this.state === 'starting' && !this.#endWhenIdle;
    const fault = inInit && child !== null ? await this.#initDeath(child) : null;
    if (this.#work !== null) this.#failWork(this.#work, child?.exit ?? { code: null, signal: null });
    this.state = 'gone';
    this.#api?.close();
    this.#usage.close();
    await this.#enclosure.dispose();
    this.#observer.gone(fault);
  }

  #failWork(work: Work, exit: Exit): void {
    const death = this.#verdict?.(work.requestId) ?? exited(work.requestId, exit);
    if (this.state === 'busy') this.#answer(work, death, Buffer.alloc(0));
    else if (this.#verdict !== null) work.fault = death;
    this.#settle(this.#usage.lastCpuMs());
  }

  async #initDeath(child: Child): Promise<Fault> {
    const exit = await child.exited;
    const fault = this.#verdict?.(this.id) ?? this.#initFault ?? exited(this.id, exit);
    const words = await child.lastWords();
    return { ...fault, errorMessage: [fault.errorMessage, words].filter(Boolean).join('\n') };
  }
}
