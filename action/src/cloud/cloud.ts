import type { Artifact, Invocation } from '../model.ts';

/** The one port to the outside world that runs functions. Stages never ask which adapter is behind it. */
export interface Cloud {
  deploy(artifacts: readonly Artifact[]): Promise<Deployment>;
}

export interface Deployment extends AsyncDisposable {
  readonly target: Target;
  /** Function URL per variant name. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Ends every execution environment of the variant; the next invocations start new ones. */
  freshEnvironments(variant: string): Promise<void>;
  /** Platform records of invocations that ended within [fromMs, toMs], ms since the epoch, in order of time. */
  invocations(window: { readonly fromMs: number; readonly toMs: number }): Promise<Invocation[]>;
  /** The same, and forgets them: of a platform that would else hold the records of two hours in our own memory. */
  takeInvocations?(window: { readonly fromMs: number; readonly toMs: number }): Promise<Invocation[]>;
}

/** Where it ran, as the report tells it. */
export interface Target {
  readonly kind: 'local' | 'aws' | 'scripted';
  /** Stands in the report's title, e.g. `local cloud, not AWS`. */
  readonly label: string;
  /** Region on AWS; null elsewhere. */
  readonly region: string | null;
  /** How CPU and memory limits are enforced, e.g. `cgroup v1 cpu quota`; or why they are not. */
  readonly limits: string;
  /** Servers and clients the target is made of, by name and version. */
  readonly tools: Readonly<Record<string, string>>;
  /** What a reader must know about this target. */
  readonly warnings: readonly import('../model.ts').Warning[];
}
