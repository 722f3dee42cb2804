import type { Invocation } from '../../model.ts';
import type { Report } from './execution.ts';

/** The platform's REPORT lines of a deployment. */
export class Records {
  #invocations: Invocation[] = [];

  add(variant: string, memorySizeMb: number, report: Report): void {
    this.#invocations.push(invocation(variant, memorySizeMb, report));
  }

  /** The same as `within`, and forgets them. */
  take(fromMs: number, toMs: number): Invocation[] {
    const taken = this.within(fromMs, toMs);
    const gone = new Set(taken);
    this.#invocations = this.#invocations.filter((invocation) => !gone.has(invocation));
    return taken;
  }

  within(fromMs: number, toMs: number): Invocation[] {
    return this.#invocations
      .filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs)
      .sort((a, b) => a.timeMs - b.timeMs);
  }
}

/** Billed Duration includes init since 2025-08-01, rounded up to 1 ms. */
function invocation(variant: string, memorySizeMb: number, report: Report): Invocation {
  const { requestId, environmentId, fault, durationMs, initMs } = report;
  return {
    requestId,
    variant,
    environmentId,
    timeMs: report.endMs,
    status: fault === null ? 'success' : fault.errorType === 'Sandbox.Timedout' ? 'timeout' : 'error',
    errorType: fault?.errorType ?? null,
    durationMs,
    billedDurationMs: Math.ceil(durationMs + (initMs ?? 0)),
    initDurationMs: initMs,
    memorySizeMb,
    maxMemoryUsedMb: report.peakMemoryMb,
    cpuMs: report.cpuMs,
  };
}
