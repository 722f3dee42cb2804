/** The vocabulary of the drill: a fault is data, and the runner does the rest. */
import type { AwsDouble } from './aws-double.ts';
import type { Sandbox } from './sandbox.ts';
import type { SlowProxy } from './slow-proxy.ts';
import type { Subject } from './subject-process.ts';

export type Stage = 'build' | 'deploy' | 'load' | 'collect' | 'report';

export interface Fault {
  /** Unique, e.g. `kill k6`. */
  readonly name: string;
  readonly stage: Stage;
  /** One of the few that run with every `npm test`. */
  readonly short?: boolean;
  /** How its sandbox differs from the usual one. */
  readonly ground?: Ground;
  /** Resolves when the run is where the fault is to strike. */
  readonly moment: (scene: Scene) => Promise<unknown>;
  readonly inject: (scene: Scene) => unknown;
  readonly expected: Expected;
  /** Why it cannot be made on this machine; null where it can. */
  readonly impossible?: () => string | null;
}

/** What a run gets that a fault needs. */
export interface Ground {
  /** Bytes of a file system of its own that the output goes to. */
  readonly diskBytes?: number;
  /** It runs on the AWS double. */
  readonly aws?: boolean;
  /** A latency proxy stands in front of S3. */
  readonly slowS3?: boolean;
  /** Its packages take seconds to build. */
  readonly slowBuild?: boolean;
  readonly blocks?: number;
  /** What its clock is moved by at SIGUSR2, ms. */
  readonly clockStepMs?: number;
}

/** Where a fault strikes. */
export interface Scene {
  readonly subject: Subject;
  readonly sandbox: Sandbox;
  readonly aws: AwsDouble | null;
  readonly proxy: SlowProxy | null;
}

/**
 * `unrendered` is a whole result of which `npm run report` has still to make the report; `partial` is one that says of itself
 * that it is of a part of the run; `none` is no result and no report.
 */
export type Written = 'whole' | 'unrendered' | 'partial' | 'none';

export interface Ending {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
  readonly result: Written;
}

export type Cleaner = 'the next run' | 'the janitor';

export interface Expected {
  /** Any one of them. */
  readonly endings: readonly Ending[];
  /** What a person is told, in the error or in a warning of the report. */
  readonly says: RegExp;
  /** Who removes what the run could not remove itself; default: nobody has to. */
  readonly cleanedBy?: readonly Cleaner[];
}

const ending = (result: Written, ...exits: Ending['exit'][]): Ending[] =>
  exits.map((exit) => ({ exit, result }));

/** The run goes on: a whole result, whether or not its gates let the numbers be trusted. */
export const GOES_ON = ending('whole', 0, 3);
/** Counted errors fail a gate. */
export const NOT_TRUSTED = ending('whole', 3);
export const FAILS = ending('none', 1);
export const INTERRUPTED = ending('none', 130);
/** Nothing can be told by a process that is killed. */
export const KILLED = ending('none', 'SIGKILL');
