import { cpus } from 'node:os';

export interface CpuTimes {
  readonly busyMs: number;
  readonly totalMs: number;
}

/** Time that all cores together were busy, and in all, since boot. Null where the machine does not tell. */
export function cpuTimes(): CpuTimes | null {
  let busyMs = 0;
  let idleMs = 0;
  for (const { times } of cpus()) {
    busyMs += times.user + times.nice + times.sys + times.irq;
    idleMs += times.idle;
  }
  return busyMs + idleMs > 0 ? { busyMs, totalMs: busyMs + idleMs } : null;
}

/** Share of all cores that was busy from one moment to the next, 0..1. */
export function busyShare(from: CpuTimes | null, to: CpuTimes | null): number | null {
  if (from === null || to === null || to.totalMs <= from.totalMs) return null;
  return (to.busyMs - from.busyMs) / (to.totalMs - from.totalMs);
}
