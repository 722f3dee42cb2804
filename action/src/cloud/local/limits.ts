import type { Warning } from '../../model.ts';

/** Memory that buys one vCPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const memoryMbPerVcpu = 1769;

/** How CPU quota and memory limit are put on execution environments. */
export interface Limits {
  /** For the report, e.g. `cgroup v1 cpu quota`. */
  readonly description: string;
  readonly warnings: readonly Warning[];
  enclose(environmentId: string, memoryMb: number): Enclosure;
  dispose(): Promise<void>;
}

/** The room one environment runs in. */
export interface Enclosure {
  /** Shell commands by which a process enters. */
  readonly enter: string;
  /** Command that wraps a process. */
  readonly wrapper: readonly string[];
  /** Removes it; whatever is left inside is killed. */
  dispose(): Promise<void>;
}

export function vcpus(memoryMb: number): number {
  return memoryMb / memoryMbPerVcpu;
}

export const openRoom: Enclosure = { enter: '', wrapper: [], async dispose() {} };
