import type { Artifact, Invocation, LoadRequest } from '../model.ts';

/** The one port to the outside world that runs functions. Stages never ask which adapter is behind it. */
export interface Cloud {
  deploy(artifacts: readonly Artifact[]): Promise<Deployment>;
}

export interface Deployment extends AsyncDisposable {
  readonly target: Target;
  /** Function URL per variant name. */
  readonly endpoints: ReadonlyMap<string, string>;
  /**
   * Equal functions that alternate with those of `endpoints`: odd blocks go to them, so that the environments of one
   * are replaced while the other is measured. Absent where replacing takes no time.
   */
  readonly alternates?: ReadonlyMap<string, string>;
  /** Signs requests of the endpoints; absent where they are open. */
  readonly signer?: Signer;
  /** Ends every execution environment behind the variant's endpoint, or its alternate; the next invocations start new ones. */
  freshEnvironments(variant: string, alternate?: boolean): Promise<void>;
  /** Platform records of invocations in the window, in order of time. */
  invocations(window: InvocationWindow): Promise<Invocation[]>;
  /** The same, and forgets them: of a platform that would else hold the records of two hours in our own memory. */
  takeInvocations?(window: InvocationWindow): Promise<Invocation[]>;
}

export interface InvocationWindow {
  /** When the invocations ended, ms since the epoch, both included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Requests that must have a record: a platform that hands records in late is asked until they do, or for minutes. */
  readonly requestIds?: ReadonlySet<string>;
}

export interface Signer {
  /** Headers, lower case, that make a request of the URL acceptable, for 4 minutes at least; default: GET without a body. */
  headers(
    url: string,
    request?: Pick<LoadRequest, 'method' | 'body'>,
  ): Promise<Readonly<Record<string, string>>>;
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
