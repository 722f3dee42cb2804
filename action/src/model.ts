/**
 * The vocabulary of the flow `config -> build -> deploy -> load -> collect -> compare -> report -> publish`.
 * Stages talk to each other in these types only. What is kept on disk is in `result.ts`.
 */

export type BuildKind = 'python' | 'node' | 'go' | 'cargo-lambda' | 'maturin' | 'zip' | 'command';
export type Architecture = 'x86_64' | 'arm64';

/** One Lambda function to be measured: data, never code paths. */
export interface Variant {
  /** Unique; lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Of a cell of a sweep: the config's variant that it is a cell of. */
  readonly cellOf?: string;
  /** Absolute path of the source folder (for kind `zip`: of the zip file). */
  readonly source: string;
  readonly build: BuildKind;
  /** Lambda runtime identifier, e.g. `python3.13` or `provided.al2023`. */
  readonly runtime: string;
  readonly handler: string;
  readonly architecture: Architecture;
  /** MB; Lambda gives memoryMb / 1769 vCPU. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** On AWS only: environments are restored from a snapshot that Lambda takes of an initialised one. Absent: off. */
  readonly snapStart?: boolean;
  /** Environment variables beyond `S3_BUCKET_NAME` and `DYNAMODB_TABLE`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables of its build. */
  readonly buildEnvironment?: Readonly<Record<string, string>>;
  /** Kind `command` only: what makes the package. */
  readonly command?: BuildCommand;
  /** What its role may do on AWS beyond writing to the bucket and the table of the run. */
  readonly permissions?: readonly Permission[];
}

export interface BuildCommand {
  /** A shell command; runs in the source folder. */
  readonly run: string;
  /** The zip it makes, relative to the source folder. */
  readonly package: string;
}

/** An IAM statement that allows. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What is sent to every variant. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query behind the Function URL, from `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** null for none. */
  readonly body: string | null;
}

/** `head` is judged against `base`: ratios are head / base, `worse` means head is worse. Both are variant names. */
export interface Pair {
  readonly base: string;
  readonly head: string;
}

/** The name of a variant that was built from the base commit. */
export const baseNameOf = (variant: string): string => `${variant}-base`;

/** A piece of the run during which the rate is `rate` times the base rate, moving linearly from the previous piece's end. */
export interface Stage {
  /** Share of the run's blocks, 0..1; shares sum to 1. */
  readonly share: number;
  /** Multiplier of the base rate at the end of the stage. */
  readonly rate: number;
  /** `ramp` moves linearly to `rate`, `hold` jumps to it. */
  readonly shape: 'ramp' | 'hold';
}

/** How load is laid out in time (`load/schedule.ts`). */
export interface Profile {
  readonly name: 'smoke' | 'pr' | 'thorough' | 'soak' | 'cold';
  readonly blocks: number;
  /** Seconds of one slot, everything included (in profile `cold`, which has no measured window, what a start takes): environment replacement, cold burst, warm-up, measured window. */
  readonly slotSeconds: number;
  /** Every block begins with new execution environments of all variants (`load/replace.ts`); else the first one only. */
  readonly freshEnvironments: boolean;
  /** Size of the concurrent burst that opens a slot, so at least this many environments serve it. */
  readonly environments: number;
  /** Invocations of an environment kept out of latency metrics, after the cold one. */
  readonly warmupInvocations: number;
  /** Requests per second in the measured window; `auto` lets a pilot choose. */
  readonly rate: number | 'auto';
  readonly stages: readonly Stage[];
}

/** The `index`th (from 1) of `count` equal parts. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The one value every stage reads; made and validated by `config/`, frozen. */
export interface Config {
  /** Absolute path of the repository (or working folder) that sources are relative to. */
  readonly root: string;
  /** The config file, relative to the repository, with the SHA-256 of its bytes. */
  readonly file: { readonly path: string; readonly sha256: string };
  readonly variants: readonly Variant[];
  readonly pairs: readonly Pair[];
  /** Git name of the commit whose variants are measured beside the work tree's; null for none. */
  readonly baseRef: string | null;
  /** The run may end at its interim looks (`compare/early-stop.ts`). */
  readonly earlyStop: boolean;
  readonly profile: Profile;
  /** Absent: GET /. */
  readonly request?: LoadRequest;
  /** Which part of the load this machine sends; null for all of it. Shards are merged afterwards. */
  readonly shard: Shard | null;
  /** When the load begins, ms since the epoch, so that shards on several machines send at the same time. Absent: as soon as all is ready. */
  readonly startAtMs?: number;
  /** Seeds the order of slots. */
  readonly seed: number;
  /** Absolute path of the folder that `result.json` and `report.md` go to. */
  readonly outDir: string;
  /** Share of invocations that are cold in the cost estimate, 0..1. */
  readonly coldShare: number;
  /** Prices are taken for this region. */
  readonly region: string;
}

/** What the build stage makes of one variant. */
export interface Artifact {
  readonly variant: Variant;
  /** Absolute path of the deployment package (zip). */
  readonly path: string;
  readonly sha256: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  /** Wall seconds of the build that made it (kept when the build is skipped as unchanged). */
  readonly buildSeconds: number;
  /** True when this run found it unchanged and did not build. */
  readonly reused: boolean;
  /** Compilers, packagers and pinned SDKs by name, e.g. `{ rustc: '1.95.0', 'aws-sdk-s3': '1.157.0' }`. */
  readonly tools: Readonly<Record<string, string>>;
  /** Build flags that shape the artefact, in the tool's own words. */
  readonly flags: readonly string[];
}

/** Whether two are the same bytes, run the same way: whatever differs between them is noise. */
export function isSameFunction(a: BuiltVariant, b: BuiltVariant): boolean {
  const wayOf = ({ variant }: BuiltVariant) => {
    const { runtime, handler, memoryMb, architecture, environment, snapStart = false } = variant;
    return JSON.stringify([runtime, handler, memoryMb, architecture, environment, snapStart]);
  };
  return a.sha256 === b.sha256 && wayOf(a) === wayOf(b);
}

type BuiltVariant = Pick<Artifact, 'variant' | 'sha256'>;

/** What the build stage hands on. */
export interface Built {
  /** What is left to measure: with the variants of a base commit, without those of them that did not change. */
  readonly config: Config;
  readonly artifacts: readonly Artifact[];
  /** The commit that head is compared with; null when there is none. */
  readonly base: {
    /** As it was asked for. */
    readonly ref: string;
    readonly commit: string;
    /** Variants whose package is the same in both commits. */
    readonly unchanged: readonly string[];
  } | null;
}

/** One slot of the schedule: one variant's share of one block. Times are ms from the start of load. */
export interface Slot {
  readonly block: number;
  /** 0 = opens first and has the first turn of its block. */
  readonly position: number;
  readonly variant: string;
  /** Its environments are replaced and opened from here on. */
  readonly startMs: number;
  /** From here to `endMs` the variants of the block are measured in turns. */
  readonly measureMs: number;
  readonly endMs: number;
  /** Length of this variant's turns together, ms: its measured window. */
  readonly measuredMs: number;
  /** Requests per second in its turns (open model). */
  readonly rate: number;
}

/** The client's view of one request, from the load generator. */
export interface Sample {
  readonly block: number;
  readonly variant: string;
  /** `warm-up` is the closed-loop burst that opens a slot (cold starts included), `measured` the open-model window. */
  readonly phase: 'warm-up' | 'measured';
  /** End of the request, ms since the epoch by the generator's clock. */
  readonly endMs: number;
  /** Client latency: sending + waiting + receiving, ms; connection set-up is not in it. */
  readonly clientMs: number;
  /** HTTP status; 0 when there was no response. */
  readonly status: number;
  /** `x-amzn-requestid`; '' when there was no response. */
  readonly requestId: string;
  /** `x-execution-environment`; '' when absent. */
  readonly environmentId: string;
  /** `x-invocation`: 1 is the environment's cold invocation; 0 when absent. */
  readonly invocation: number;
  /** `server-timing` of the handler, ms; null when absent. */
  readonly s3Ms: number | null;
  readonly dynamodbMs: number | null;
  readonly handlerMs: number | null;
}

/** The platform's view of one invocation: the fields of Lambda's `platform.report`, plus what only we can add. */
export interface Invocation {
  readonly requestId: string;
  readonly variant: string;
  /** The platform's id of the execution environment (log stream on AWS). */
  readonly environmentId: string;
  /** End of the invocation, ms since the epoch by the platform's clock. */
  readonly timeMs: number;
  readonly status: 'success' | 'error' | 'timeout';
  /** Lambda's `errorType`, e.g. `Runtime.ExitError`; null on success. */
  readonly errorType: string | null;
  readonly durationMs: number;
  readonly billedDurationMs: number;
  /** Present on the environment's first invocation only; with SnapStart it is the Restore Duration. */
  readonly initDurationMs: number | null;
  readonly memorySizeMb: number;
  /** 0 where the platform does not tell (the local cloud on other systems than Linux). */
  readonly maxMemoryUsedMb: number;
  /** CPU time of the environment during the invocation, ms; null where the platform does not tell (AWS). */
  readonly cpuMs: number | null;
}

/** What the load stage hands on. */
export interface LoadRun {
  readonly slots: readonly Slot[];
  /** By time within a second. Those of a run just made lie on the disk and are read again each time. */
  readonly samples: Iterable<Sample>;
  /** The interim look at which an early-stopping run ended, from 0; null when it ran its full length. */
  readonly stoppedAtLook: number | null;
  /** Arrivals that found no free virtual user, by `${block}/${variant}`. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Start and end of load, ms since the epoch. */
  readonly startMs: number;
  readonly endMs: number;
  readonly rateChoice: RateChoice;
  /** Lines of the generator's output that could not be read: counted, never hidden. */
  readonly unreadableLines: number;
  /** What went wrong without ending the run. */
  readonly warnings: readonly Warning[];
  /** Share of all cores that was busy during load, 0..1; null where the machine does not tell. */
  readonly cpuBusy: number | null;
}

export interface RateChoice {
  /** Requests per second of the measured windows. */
  readonly rate: number;
  readonly by: 'config' | 'pilot';
  /** Pilot: median sequential client latency per variant, ms; the slowest decides. */
  readonly pilotMs: Readonly<Record<string, number>>;
  /** Why this rate, in a sentence. */
  readonly reason: string;
}

/**
 * All that was measured in one slot. `warm` arrays are parallel: one entry per request that was inside the
 * measured window, succeeded, was past the warm-up of its environment and has its platform record.
 */
export interface SlotSamples {
  readonly block: number;
  readonly position: number;
  readonly variant: string;
  /** ms since the epoch, start of the slot. */
  readonly startMs: number;
  /** Every request sent, cold, warm-up and failed ones included. */
  readonly requests: number;
  /** Requests that failed: no response, or status other than 2xx. */
  readonly errors: number;
  readonly dropped: number;
  /** Answered requests that no platform record matches. */
  readonly unmatched: number;
  readonly warm: WarmSamples;
  /**
   * Of a run of more warm requests than are kept (`collect/join.ts`): all of the slot's, column by column. `warm` then
   * holds an even part of them, drawn at random.
   */
  readonly histograms?: Readonly<Record<WarmColumn, Distribution>>;
  /** Environments that served the slot, in order of first appearance. */
  readonly environments: readonly EnvironmentSample[];
}

/** What is measured of each warm request. */
export type WarmColumn = Exclude<keyof WarmSamples, 'environment' | 'endMs'>;

export interface WarmSamples {
  /** Index into the slot's `environments`; empty where none is known. */
  readonly environment: Uint16Array;
  /** ms since the epoch. */
  readonly endMs: Float64Array;
  readonly clientMs: Float64Array;
  /** Empty, as `billedMs` is, where only the client was heard. */
  readonly durationMs: Float64Array;
  readonly billedMs: Float64Array;
  /** Empty where the platform does not tell CPU time. */
  readonly cpuMs: Float64Array;
  /** Empty when a response lacked `server-timing`. */
  readonly s3Ms: Float64Array;
  readonly dynamodbMs: Float64Array;
  readonly handlerMs: Float64Array;
}

/** Numbers of which only the distribution is kept. */
export interface Distribution {
  readonly length: number;
  readonly sum: number;
  /** Values that were no amounts, and are in no other number of this. */
  readonly rejected: number;
  /** Type-7 quantiles at shares 0..1; not of an empty one. */
  quantiles(shares: readonly number[]): number[];
  mergedWith(others: Iterable<Distribution>): Distribution;
  /** Every value, as well as it is known. */
  ascending(): Float64Array;
}

export interface EnvironmentSample {
  readonly id: string;
  /** Init Duration, with SnapStart Restore Duration, ms; null when the environment was not started in this slot or its record is missing. */
  readonly initMs: number | null;
  /** Duration of its first (cold) invocation, ms. */
  readonly firstCallMs: number | null;
  /** Billed Duration of its first invocation, ms (init included). */
  readonly firstBilledMs: number | null;
  /** Highest Max Memory Used seen in the slot, MB. */
  readonly maxMemoryMb: number | null;
  readonly invocations: number;
}

/** What the collect stage hands on. */
export interface Collected {
  readonly slots: readonly SlotSamples[];
  /** Platform records that match no request of ours. */
  readonly foreignInvocations: number;
  /** Share of answered requests that have a platform record, 0..1. */
  readonly coverage: number;
  /** Client latency less Duration over warm requests, ms: network + gateway + the generator's own lag. */
  readonly generatorLag: { readonly p50: number; readonly p99: number } | null;
  readonly warnings: readonly Warning[];
}

/** A caveat as data: the report words it, a machine reads it. */
export interface Warning {
  /** Stable identifier, e.g. `environments-reused`. */
  readonly code: string;
  /** One sentence with the numbers in it. */
  readonly message: string;
  readonly data: Readonly<Record<string, number | string>>;
}

/**
 * Conditions under which the numbers may be believed: beyond them a gate fails (`compare/gates.ts`), and warnings say so.
 * Choices, not measurements: beyond them requests wait for the generator or for each other, and latency measures the
 * machine instead of the functions.
 */
export const TRUST_LIMITS = {
  /** Queueing theory's knee: above it waiting grows faster than load. */
  cpuBusy: 0.85,
  /** An arrival that found no virtual user is an open model no longer. */
  droppedShare: 0.001,
  /** ms between median and p99 of what lies outside the function; a quiet machine shows 3 to 7. */
  lagSpreadMs: 25,
  /** CloudWatch may lose or delay records; below it the missing ones could hide a tail. */
  coverage: 0.98,
  /** Latency of the survivors says little when many fail. */
  errorShare: 0.01,
} as const;
