import type { Artifact, Variant } from '../../model.ts';
import type { RunStacks } from './names.ts';

/** One function of the run's stack, as `stacks/benchmark-stack.ts` reads it. */
export interface FunctionPlan
  extends Pick<
    Variant,
    | 'runtime'
    | 'handler'
    | 'architecture'
    | 'memoryMb'
    | 'timeoutSeconds'
    | 'snapStart'
    | 'environment'
    | 'permissions'
  > {
  /** Unique; the variant's name, with a suffix for its alternate. */
  readonly id: string;
  /** Key of the deployment package in the packages stack's bucket. */
  readonly packageKey: string;
  readonly logGroup: string;
}

/** A run's two stacks: packages are uploaded to the bucket of the first before the second is created. */
export interface BenchmarkPlan {
  readonly kind: 'benchmark';
  readonly stacks: RunStacks;
  /** ARN of the managed policy that bounds the functions' roles; null where `setup:aws` was not used. */
  readonly permissionsBoundary: string | null;
  readonly functions: readonly FunctionPlan[];
}

/** What an account needs once. */
export interface SetupPlan {
  readonly kind: 'setup';
  /** Accepted `sub` claims in full, each compared by StringEquals, by the role that they open. */
  readonly subjects: { readonly run: readonly string[]; readonly teardown: readonly string[] };
  /** ARN of the account's GitHub OIDC provider; null makes one (an account can have one only). */
  readonly provider: string | null;
}

export type StackPlan = BenchmarkPlan | SetupPlan;

/** CloudFormation templates (JSON text) by stack name. */
export type Templates = Readonly<Record<string, string>>;

/** A package's key says what is in it. */
export const packageKeyOf = ({ sha256 }: Pick<Artifact, 'sha256'>): string => `${sha256}.zip`;

/** Key of the benchmark stack's template beside the packages, where it is too long to be sent. */
export const TEMPLATE_KEY = 'benchmark.template';

/** The benchmark stack's parameter: the bucket of the packages stack. */
export const PACKAGES_BUCKET = 'PackagesBucket';

/** Alias that the URL of a function with SnapStart belongs to: SnapStart is for published versions only. */
export const ALIAS = 'live';

/** Names of stack outputs; `index` counts functions in the plan's order. */
export const OUTPUTS = {
  packagesBucket: 'PackagesBucket',
  functionName: (index: number) => `Function${index}Name`,
  functionUrl: (index: number) => `Function${index}Url`,
} as const;
