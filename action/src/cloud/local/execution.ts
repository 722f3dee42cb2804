import type { Fault } from './faults.ts';

/** All that a pool needs to start one more environment of a function. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly command: readonly string[];
  readonly taskRoot: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly initTimeoutSeconds: number;
}

export type Answer =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly fault: Fault };

/** What is known of an invocation when the environment is done with it. */
export interface Report {
  readonly requestId: string;
  readonly environmentId: string;
  readonly endMs: number;
  readonly fault: Fault | null;
  readonly durationMs: number;
  readonly initMs: number | null;
  readonly cpuMs: number | null;
  readonly peakMemoryMb: number;
}

export interface EnvironmentObserver {
  /** It waits for an event. */
  idle(): void;
  report(report: Report): void;
  /** Its process is gone; `fault` when it ended by itself, or was ended for a fault, in init. */
  gone(fault: Fault | null): void;
}
