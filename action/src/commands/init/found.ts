import type { Architecture, BuildKind } from '../../model.ts';

/** A function that a repository was seen to have. */
export interface Found {
  /** As the repository calls it; may be anything. */
  readonly name: string;
  /** Where it was seen, e.g. `template.yaml: HelloFunction`. */
  readonly seenIn: string;
  /** Relative to the repository; `.` is the repository. */
  readonly source: string;
  readonly build: BuildKind;
  readonly runtime: string;
  readonly handler: string;
  readonly architecture?: Architecture;
  readonly memory?: number;
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a repository has, and what a person should know of the rest. */
export interface Findings {
  readonly functions: readonly Found[];
  /** Sentences, with whatever names the repository has in them. */
  readonly hints: readonly string[];
}

/** Runtimes for functions of which nothing says another one. */
export const RUNTIMES = { python: 'python3.13', node: 'nodejs22.x', binary: 'provided.al2023' } as const;

export function together(findings: readonly Findings[]): Findings {
  return {
    functions: findings.flatMap(({ functions }) => functions),
    hints: findings.flatMap(({ hints }) => hints),
  };
}
